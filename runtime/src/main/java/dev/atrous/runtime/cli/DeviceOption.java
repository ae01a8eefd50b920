package dev.atrous.runtime.cli;

import dev.atrous.runtime.tensorflow.Device;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The processor that computes. */
class DeviceOption {
  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "auto (a GPU if there is one), cpu or gpu; default: auto.")
  Device device = Device.AUTO;

  /** As the options spell it. */
  static String name(Device device) {
    return device.name().toLowerCase(Locale.ROOT);
  }
}
