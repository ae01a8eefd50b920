package dev.atrous.runtime.data;

import java.util.List;

/** What an image is padded with: the mean of the training images, a byte for each band. */
public final class MeanPixel {
  /** The mean of ImageNet, rounded. */
  public static final MeanPixel IMAGENET = new MeanPixel(List.of(124f, 116f, 104f));

  private final byte[] values;

  /**
   * The nearest bytes to a mean.
   *
   * @param mean one for each band, 0..255
   */
  public MeanPixel(List<Float> mean) {
    values = new byte[mean.size()];
    for (int band = 0; band < values.length; band++) {
      values[band] = (byte) Math.round(mean.get(band));
    }
  }

  /** How many bands it has. */
  public int bands() {
    return values.length;
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
