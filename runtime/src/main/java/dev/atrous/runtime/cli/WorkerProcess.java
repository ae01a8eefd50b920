package dev.atrous.runtime.cli;

import dev.atrous.runtime.AtrousException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A worker that this process has started. Worker 0 shows its output as if it were this one's; of
 * the others, warnings and errors are shown, with their rank in front.
 */
final class WorkerProcess {
  private static final String ERROR = "error: ";

  /** Warnings of the log, and what a JVM prints when it crashes. */
  private static final Pattern SHOWN =
      Pattern.compile(
          "warning: .*|.*\\b(WARN|WARNING|ERROR|FATAL)\\b.*|#.*|.*\\b[Ee]xception\\b.*");

  /** What an exit code above 128 means. */
  private static final Map<Integer, String> SIGNALS =
      Map.of(
          129, "SIGHUP",
          130, "SIGINT",
          131, "SIGQUIT",
          134, "SIGABRT",
          135, "SIGBUS",
          136, "SIGFPE",
          137, "SIGKILL",
          139, "SIGSEGV",
          143, "SIGTERM");

  private static final int SIGNAL = 128;

  private final int rank;
  private final Process process;
  private final Thread reader;
  private volatile String lastError = "";
  private volatile boolean silenced;
  private boolean ended;

  private WorkerProcess(int rank, Process process, WorkerMessages messages) {
    this.rank = rank;
    this.process = process;
    reader = new Thread(() -> read(messages), "atrous-worker-" + rank);
    reader.setDaemon(true);
  }

  /**
   * Starts a worker.
   *
   * @param environment of the process
   * @param messages of workers after the first
   * @param ended is told when it ends
   * @throws AtrousException if the system does not start it
   */
  static WorkerProcess start(
      int rank,
      List<String> command,
      Map<String, String> environment,
      WorkerMessages messages,
      Consumer<WorkerProcess> ended) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    if (rank == 0) { // a terminal stays one: the progress is a line that changes
      builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    } else {
      builder.redirectErrorStream(true);
    }
    try {
      WorkerProcess worker = new WorkerProcess(rank, builder.start(), messages);
      if (rank > 0) {
        worker.reader.start();
      }
      CompletableFuture<Void> unused = worker.process.onExit().thenRun(() -> ended.accept(worker));
      return worker;
    } catch (IOException e) {
      throw new AtrousException("Worker %d can't be started: %s".formatted(rank, e), e);
    }
  }

  private void read(WorkerMessages messages) {
    boolean inError = false; // whose message may have several lines; then the process ends
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), Charset.defaultCharset()))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(ERROR)) {
          inError = true;
          lastError = line.substring(ERROR.length());
        }
        if (!silenced && inError) {
          messages.error(rank, line);
        } else if (!silenced && SHOWN.matcher(line).matches()) {
          messages.warning(rank, line);
        }
      }
    } catch (IOException e) {
      silenced = true; // it was ended while it spoke
    }
  }

  /** Its exit code; it has ended. */
  int code() {
    return process.exitValue();
  }

  /** Whether it ended by a signal, as far as its exit code tells. */
  boolean isKilled() {
    return SIGNALS.containsKey(code());
  }

  /** Whether it was stopped in order, by Ctrl-C or {@code kill}. */
  boolean isStopped() {
    return code() == AtrousCli.STOPPED || code() == SIGNAL + 15;
  }

  /** How it ended: a clause about the worker, without a full stop. */
  String end() {
    joinReader();
    int code = code();
    String signal = SIGNALS.get(code);
    if (signal != null) {
      String reason =
          code == SIGNAL + 9
              ? ": by a user, or by the system because memory ran out (dmesg tells)"
              : "";
      return "worker %d was ended by signal %d (%s)%s"
          .formatted(rank, code - SIGNAL, signal, reason);
    }
    String cause = lastError.replaceFirst("\\.$", "");
    String message = rank == 0 ? "; its message stands above" : cause.isEmpty() ? "" : ": " + cause;
    return "worker %d ended with exit code %d%s".formatted(rank, code, message);
  }

  private void joinReader() {
    try {
      reader.join(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** From now on its messages are not shown. */
  void silence() {
    silenced = true;
  }

  /** Asks it to end, as {@code kill} does. */
  void askToEnd() {
    process.destroy();
  }

  /** Ends it, even if it is stopped. */
  void kill() {
    ended = process.isAlive();
    process.destroyForcibly();
  }

  /** Whether it was ended by {@link #kill}. */
  boolean isEnded() {
    return ended;
  }

  /** Waits for its end at most until a time. */
  boolean awaitEnd(long nanoTime) throws InterruptedException {
    return process.waitFor(Math.max(0, nanoTime - System.nanoTime()), TimeUnit.NANOSECONDS);
  }

  /** Waits for its end. */
  void awaitEnd() throws InterruptedException {
    process.waitFor();
  }
}
