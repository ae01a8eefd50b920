package dev.atrous.runtime.data;

import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Mean and deviation of each band over all pixels of many images, bytes as they are: what {@code
 * bandMean} and {@code bandDeviation} of {@code @SegmentationModel} may be.
 */
public final class BandStatistics {
  private final long[] sums;
  private final long[] squares;
  private long pixels;

  BandStatistics(int bands) {
    sums = new long[bands];
    squares = new long[bands];
  }

  /** Adds the pixels of an image; by any thread. */
  void add(RgbImage image) {
    int bands = sums.length;
    long[] sum = new long[bands];
    long[] square = new long[bands];
    byte[] values = image.rgb();
    for (int at = 0; at < values.length; at += bands) {
      for (int band = 0; band < bands; band++) {
        long value = Byte.toUnsignedInt(values[at + band]);
        sum[band] += value;
        square[band] += value * value;
      }
    }
    synchronized (this) {
      pixels += values.length / bands;
      for (int band = 0; band < bands; band++) {
        sums[band] += sum[band];
        squares[band] += square[band];
      }
    }
  }

  /** How many pixels there were. */
  public synchronized long pixels() {
    return pixels;
  }

  /** The mean of each band, 0..255; not a number without a pixel. */
  public synchronized double[] means() {
    return each(band -> (double) sums[band] / pixels);
  }

  /** The standard deviation of each band, over all pixels, 0..127.5; not a number without one. */
  public synchronized double[] deviations() {
    double[] means = means();
    return each(
        band ->
            Math.sqrt(Math.max(0, (double) squares[band] / pixels - means[band] * means[band])));
  }

  private double[] each(IntToDoubleFunction value) {
    return IntStream.range(0, sums.length).mapToDouble(value).toArray();
  }
}
