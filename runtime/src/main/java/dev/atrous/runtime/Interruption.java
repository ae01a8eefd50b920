package dev.atrous.runtime;

/**
 * That work ended because its thread was interrupted. Nobody's mistake: an interrupt closes the
 * file that is being read, which is as good as before. The thread's interrupt flag is set.
 */
public final class Interruption extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Interruption() {
    super("The work was interrupted, and is not finished.");
  }

  /**
   * Does nothing unless the thread is interrupted: what failed in it failed for that.
   *
   * @throws Interruption if it is
   */
  public static void check() {
    check(Thread.currentThread());
  }

  /**
   * As {@link #check()}, of a thread that others work for.
   *
   * @throws Interruption if it is interrupted
   */
  public static void check(Thread thread) {
    if (thread.isInterrupted()) {
      throw new Interruption();
    }
  }
}
