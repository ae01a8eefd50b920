package dev.atrous.runtime.cli;

import picocli.CommandLine.Option;

/** What random numbers start from. */
final class SeedOption {
  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of the initial values and, to train, of the crops; default: 1.")
  long value = 1;
}
