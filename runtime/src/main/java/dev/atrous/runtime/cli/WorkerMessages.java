package dev.atrous.runtime.cli;

import java.io.PrintWriter;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What workers after the first have to say, with their ranks in front. */
final class WorkerMessages {
  private final PrintWriter err;
  private final Set<String> warnings = ConcurrentHashMap.newKeySet();

  WorkerMessages(PrintWriter err) {
    this.err = err;
  }

  /** Shows a line of an error. */
  void error(int rank, String line) {
    show(rank, line);
  }

  /** Shows a warning, unless another worker had the same. */
  void warning(int rank, String line) {
    if (warnings.add(line)) {
      show(rank, line);
    }
  }

  private void show(int rank, String line) {
    err.println("worker " + rank + ": " + line);
    err.flush();
  }
}
