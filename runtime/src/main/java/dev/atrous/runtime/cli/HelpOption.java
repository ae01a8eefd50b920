package dev.atrous.runtime.cli;

import picocli.CommandLine.Option;

/** Every command's help. */
final class HelpOption {
  @Option(
      names = {"-h", "--help"},
      order = BaseCommand.LAST + 3,
      usageHelp = true,
      description = "Show this help.")
  boolean help;
}
