package dev.atrous.runtime.data;

/** The mean of ImageNet, rounded: what an image is padded with. */
public final class MeanPixel {
  private static final byte RED = 124;
  private static final byte GREEN = 116;
  private static final byte BLUE = 104;

  private MeanPixel() {}

  /** Sets the pixels {@code from <= i < to} of an image, whose channels are interleaved. */
  public static void fill(byte[] rgb, int from, int to) {
    for (int at = 3 * from; at < 3 * to; at += 3) {
      rgb[at] = RED;
      rgb[at + 1] = GREEN;
      rgb[at + 2] = BLUE;
    }
  }
}
