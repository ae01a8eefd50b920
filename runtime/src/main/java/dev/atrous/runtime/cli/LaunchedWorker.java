package dev.atrous.runtime.cli;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What a worker is told by the process that started it, {@code train --workers}, in environment
 * variables: the command line of a program may go through code that is not ours.
 *
 * @param threads of an operation on the CPU, if the command line does not say; 0 for one per core
 * @param resumes whether it continues the run of earlier workers
 */
record LaunchedWorker(int threads, boolean resumes) {
  /** The process that started the workers; without effect in a process that it did not start. */
  private static final String LAUNCHER = "ATROUS_LAUNCHER";

  private static final String THREADS = "ATROUS_LAUNCHED_THREADS";
  private static final String RESUMES = "ATROUS_LAUNCHED_RESUME";

  /** What this process is told; empty if nobody launched it. */
  static Optional<LaunchedWorker> of(Map<String, String> environment) {
    String launcher = environment.get(LAUNCHER);
    Optional<Long> parent = ProcessHandle.current().parent().map(ProcessHandle::pid);
    if (launcher == null || !parent.map(String::valueOf).equals(Optional.of(launcher))) {
      return Optional.empty();
    }
    return Optional.of(
        new LaunchedWorker(
            Integer.parseInt(environment.getOrDefault(THREADS, "0")),
            environment.containsKey(RESUMES)));
  }

  /** Tells it to a worker of this process. */
  void tell(Map<String, String> environment) {
    environment.put(LAUNCHER, String.valueOf(ProcessHandle.current().pid()));
    environment.put(THREADS, String.valueOf(threads));
    if (resumes) {
      environment.put(RESUMES, "true");
    } else {
      environment.remove(RESUMES);
    }
  }

  /** Has this process end when the one that started it does. */
  static void endWithLauncher() {
    Optional<ProcessHandle> launcher = ProcessHandle.current().parent();
    if (launcher.isPresent()) {
      CompletableFuture<Void> unused =
          launcher.get().onExit().thenRun(() -> System.exit(AtrousCli.FAILED));
    }
  }
}
