package dev.atrous.runtime.op;

/**
 * What convolutions and pools see beyond a map. The two differ only where a stride meets an even
 * size.
 */
public enum PaddingMode {
  /**
   * {@code rate * (kernel - 1) / 2} on each side, as the paper's and torchvision's do; the default.
   */
  SYMMETRIC,
  /** TensorFlow's SAME: as much as the last window needs, the odd pixel below and to the right. */
  SAME
}
