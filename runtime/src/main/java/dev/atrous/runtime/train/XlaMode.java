package dev.atrous.runtime.train;

import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.Xla;

/** Whether XLA compiles the training step. Both ways compute the same. */
public enum XlaMode {
  /**
   * On for a GPU that XLA can compile for; off for a CPU, where TensorFlow's oneDNN kernels are
   * faster.
   */
  AUTO,
  /** XLA compiles forward pass, backward pass and updates as one program. */
  ON,
  /** TensorFlow executes the graph operation by operation. */
  OFF;

  /**
   * Whether XLA compiles the step on a device.
   *
   * @param device {@link Device#CPU} or {@link Device#GPU}
   */
  public boolean isOn(Device device) {
    return this == ON || (this == AUTO && device == Device.GPU && Xla.problem(device).isEmpty());
  }
}
