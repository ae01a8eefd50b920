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
          "float32, tf32 (float32 whose products a GPU shortens to 10 bits; on a CPU float32),"
              + " bfloat16 (feature maps of 7 bits, half the memory) or auto (the fastest here);"
              + " default: tf32.")
  Precision precision = Precision.TF32;
}
