package dev.atrous.runtime.cli;

import dev.atrous.runtime.train.XlaMode;
import picocli.CommandLine.Option;

/** How a training step is computed. */
final class XlaOption {
  @Option(
      names = "--xla",
      paramLabel = "MODE",
      description = "Whether XLA compiles the step: on, off or auto (on for a GPU); default: auto.")
  XlaMode mode = XlaMode.AUTO;
}
