package dev.atrous.runtime.cli;

import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.Precision;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Where a command computes. */
final class DeviceOptions {
  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "auto (a GPU if there is one), cpu or gpu; default: auto.")
  Device device = Device.AUTO;

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

  /** As the options spell it. */
  static String name(Device device) {
    return device.name().toLowerCase(Locale.ROOT);
  }
}
