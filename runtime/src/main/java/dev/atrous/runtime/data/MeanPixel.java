package dev.atrous.runtime.data;

import java.util.List;

/** What an image is padded with: the mean of the training images, a value for each band. */
public final class MeanPixel {
  /** The mean of ImageNet, rounded. */
  public static final MeanPixel IMAGENET =
      new MeanPixel(PixelFormat.RGB, List.of(124f, 116f, 104f));

  private final PixelFormat format;
  private final byte[] values;

  /**
   * The nearest values to a mean.
   *
   * @param format of images that are padded with it
   * @param mean one for each band, in the range of their values
   */
  public MeanPixel(PixelFormat format, List<Float> mean) {
    this.format = format;
    values = new byte[format.bytes()];
    for (int band = 0; band < format.bands(); band++) {
      int value = Math.round(mean.get(band));
      if (format.bits() == Byte.SIZE) {
        values[band] = (byte) value;
      } else {
        ShortValues.set(values, band, value);
      }
    }
  }

  /** Of images that are padded with it. */
  public PixelFormat format() {
    return format;
  }

  /** Sets the pixels {@code from <= i < to} of an image, whose bands are interleaved. */
  public void fill(byte[] image, int from, int to) {
    int start = values.length * from;
    int length = values.length * (to - from);
    if (length > 0) {
      System.arraycopy(values, 0, image, start, values.length);
    }
    for (int done = values.length; done < length; done *= 2) { // copies what is there already
      System.arraycopy(image, start, image, start + done, Math.min(done, length - done));
    }
  }
}
