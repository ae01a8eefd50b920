package dev.atrous.runtime.data;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Mean and deviation of each band over all pixels of many images, in their values: what {@code
 * bandMean} and {@code bandDeviation} of {@code @SegmentationModel} may be.
 */
public final class BandStatistics {
  private final long[] sums;
  private final BigInteger[] squares; // of 16 bits, more than a long holds
  private long pixels;

  BandStatistics(int bands) {
    sums = new long[bands];
    squares = new BigInteger[bands];
    Arrays.fill(squares, BigInteger.ZERO);
  }

  /** Adds the pixels of an image; by any thread. */
  void add(RgbImage image) {
    int bands = sums.length;
    long[] sum = new long[bands];
    long[] square = new long[bands];
    int count = image.width() * image.height();
    for (int at = 0; at < count * bands; at += bands) {
      for (int band = 0; band < bands; band++) {
        long value = image.value(at + band);
        sum[band] += value;
        square[band] += value * value;
      }
    }
    synchronized (this) {
      pixels += count;
      for (int band = 0; band < bands; band++) {
        sums[band] += sum[band];
        squares[band] = squares[band].add(BigInteger.valueOf(square[band]));
      }
    }
  }

  /** How many pixels there were. */
  public synchronized long pixels() {
    return pixels;
  }

  /** The mean of each band, in the range of the values; not a number without a pixel. */
  public synchronized double[] means() {
    return each(band -> (double) sums[band] / pixels);
  }

  /** The standard deviation of each band, over all pixels; not a number without one. */
  public synchronized double[] deviations() {
    return each(band -> Math.sqrt(squaredDeviations(band).doubleValue()) / pixels);
  }

  /** Exactly, since the difference of two large numbers is small; times the pixels. */
  private BigInteger squaredDeviations(int band) {
    BigInteger sum = BigInteger.valueOf(sums[band]);
    return squares[band].multiply(BigInteger.valueOf(pixels)).subtract(sum.multiply(sum));
  }

  private double[] each(IntToDoubleFunction value) {
    return IntStream.range(0, sums.length).mapToDouble(value).toArray();
  }
}
