package dev.atrous.runtime.cli;

import picocli.CommandLine.Option;

/** Which images of a data set. */
final class SplitOption {
  @Option(
      names = "--split",
      paramLabel = "NAME",
      description = "Which images; default: ${DEFAULT-VALUE}.")
  String name;

  /**
   * @param name the default
   */
  SplitOption(String name) {
    this.name = name;
  }
}
