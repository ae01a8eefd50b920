package dev.atrous.processor.ir;

/**
 * What a window of side {@code kernel} and atrous rate {@code rate} sees beyond the map, so that an
 * axis of {@code n} has {@code (n - 1) / stride + 1} outputs.
 */
public enum Padding {
  /** {@code rate * (kernel - 1) / 2} on each side. */
  SYMMETRIC,
  /**
   * TensorFlow's: as much as the last window needs, the odd pixel behind. The same where the stride
   * is 1.
   */
  SAME
}
