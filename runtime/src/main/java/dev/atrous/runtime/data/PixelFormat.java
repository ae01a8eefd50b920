package dev.atrous.runtime.data;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the pixels of an image are.
 *
 * @param bands values of a pixel, at least 1; three of 8 bits are red, green and blue
 * @param bits of a value, 8 or 16; values are unsigned
 * @param black one for each band: the values that pictures show as black, where a picture of what
 *     has no colours is made
 * @param white likewise, those that are shown as white
 */
public record PixelFormat(int bands, int bits, List<Float> black, List<Float> white) {
  /** Red, green and blue, a byte each. */
  public static final PixelFormat RGB = new PixelFormat(3, Byte.SIZE);

  /** How many deviations of a band lie between its mean and white. */
  private static final float CONTRAST = 2;

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if there is no band, values are neither of 8 nor of 16 bits,
   *     or black and white are not one for each band
   */
  public PixelFormat {
    black = List.copyOf(black);
    white = List.copyOf(white);
    if (bands < 1
        || (bits != Byte.SIZE && bits != Short.SIZE)
        || black.size() != bands
        || white.size() != bands) {
      throw new IllegalArgumentException(
          "%d bands of %d bits, black %s, white %s".formatted(bands, bits, black, white));
    }
  }

  /** Pixels that are shown with the least value as black and the greatest one as white. */
  public PixelFormat(int bands, int bits) {
    this(
        bands,
        bits,
        Collections.nCopies(bands, 0f),
        Collections.nCopies(bands, (float) ((1 << bits) - 1)));
  }

  /**
   * The same pixels, shown in the range that most of their values are in: two deviations about the
   * mean. Bytes stay as they are.
   *
   * @param mean one for each band, in the values of images
   * @param deviation one for each band
   */
  public PixelFormat showing(List<Float> mean, List<Float> deviation) {
    return bits == Byte.SIZE
        ? this
        : new PixelFormat(bands, bits, around(mean, deviation, -1), around(mean, deviation, 1));
  }

  private static List<Float> around(List<Float> mean, List<Float> deviation, int side) {
    return IntStream.range(0, mean.size())
        .mapToObj(band -> mean.get(band) + side * CONTRAST * deviation.get(band))
        .toList();
  }

  /** Whether these are colours as screens have them. */
  public boolean isRgb() {
    return bands == RGB.bands && bits == RGB.bits;
  }

  /** Whether the pixels of both have the same values; how they are shown may differ. */
  public boolean fits(PixelFormat other) {
    return bands == other.bands && bits == other.bits;
  }

  /** Bytes of a pixel. */
  public int bytes() {
    return bands * bits / Byte.SIZE;
  }

  /** {@code 4 bands of 16 bits}; 8 bits go without saying. */
  @Override
  public String toString() {
    return (bands == 1 ? "1 band" : bands + " bands") + (bits == Byte.SIZE ? "" : " of 16 bits");
  }
}
