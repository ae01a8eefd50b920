package dev.atrous.runtime.cli;

import dev.atrous.runtime.AtrousException;
import picocli.CommandLine.Option;

/** How often workers that were started here start again. */
final class RestartOption {
  private static final String NAME = "--restarts";

  @Option(
      names = NAME,
      paramLabel = "K",
      description =
          "With --workers: when one fails, start all again from the last checkpoint, at most K"
              + " times; default: 0.")
  int count;

  /**
   * How often the workers may start again.
   *
   * @throws AtrousException if they can't, or that is negative
   */
  int allowed(WorkerOptions workers) {
    if (workers.workers == null && count != 0) {
      throw new AtrousException(
          NAME
              + " goes with --workers. What starts the workers of --hosts can start them again, all"
              + " of them, with --resume.");
    }
    if (count < 0) {
      throw new AtrousException(
          "%s %d is not possible: it must be at least 0.".formatted(NAME, count));
    }
    return count;
  }
}
