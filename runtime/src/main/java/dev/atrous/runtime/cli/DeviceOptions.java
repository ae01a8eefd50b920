package dev.atrous.runtime.cli;

import dev.atrous.runtime.tensorflow.Precision;
import picocli.CommandLine.Option;

/** Where a command computes. */
final class DeviceOptions extends DeviceOption {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads of an operation on the CPU; with 1, runs repeat to the bit. Default: 0, one per"
              + " core.")
  int threads;

  @Option(
      names = "--precision",
      paramLabel = "NUMBERS",
      description =
          "Of convolutions on the CPU: float32, or bfloat16 where it has instructions for that;"
              + " default: float32.")
  Precision precision = Precision.FLOAT32;
}
