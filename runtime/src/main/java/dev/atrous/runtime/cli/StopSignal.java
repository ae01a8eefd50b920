package dev.atrous.runtime.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Lets work end in good order when the JVM is told to end, by Ctrl-C or by {@code kill}: the thread
 * that works is interrupted, and the JVM lives until {@link #close}. Before {@link #arm} nothing
 * delays the end. The JVM then sets the exit code itself, 130 for Ctrl-C.
 */
final class StopSignal implements AutoCloseable {
  private final Thread worker = Thread.currentThread();
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stop, "atrous-stop");
  private boolean armed;
  private boolean interrupts;

  /** From now on, the end of the JVM waits, and the work is interrupted. */
  void arm() {
    arm(true);
  }

  /** From now on, the end of the JVM waits until the work ends by itself. */
  void hold() {
    arm(false);
  }

  private void arm(boolean interrupting) {
    if (armed) {
      return;
    }
    interrupts = interrupting;
    Runtime.getRuntime().addShutdownHook(hook);
    armed = true;
  }

  private void stop() {
    if (interrupts) {
      worker.interrupt();
    }
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The work has ended and everything about it is printed. */
  @Override
  public void close() {
    done.countDown();
    if (armed) {
      armed = false;
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        Thread.interrupted(); // the JVM is ending, and this thread has done its part
      }
    }
  }
}
