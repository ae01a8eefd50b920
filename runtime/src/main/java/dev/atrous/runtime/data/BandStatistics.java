package dev.atrous.runtime.data;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  /**
   * Those of a data set; images that occur several times count once.
   *
   * @param data of images that are read as the model takes them
   * @throws dev.atrous.runtime.AtrousException if an image can't be used
   */
  public static BandStatistics of(Dataset data) {
    if (data instanceof FolderDataset folder) {
      return folder.bandStatistics();
    }
    BandStatistics statistics = new BandStatistics(data.load(0).image().bands());
    Set<String> seen = new HashSet<>();
    int[] indices =
        IntStream.range(0, data.size()).filter(i -> seen.add(data.sampleName(i))).toArray();
    Arrays.stream(indices).parallel().forEach(i -> statistics.add(data.load(i).image()));
    return statistics;
  }

  BandStatistics(int bands) {
    sums = new long[bands];
    squares = new BigInteger[bands];
    Arrays.fill(squares, BigInteger.ZERO);
  }

  /** Adds the pixels of an image; by any thread. */
  void add(Image image) {
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

  /** {@link #means} as numbers of a network. */
  public List<Float> mean() {
    return Arrays.stream(means()).mapToObj(value -> (float) value).toList();
  }

  /** {@link #deviations} as numbers to divide by: 1 where all values are equal. */
  public List<Float> scale() {
    return Arrays.stream(deviations()).mapToObj(value -> value == 0 ? 1f : (float) value).toList();
  }

  /** The numbers of the bands all of whose values are equal, from 1. */
  public List<Integer> constantBands() {
    double[] deviations = deviations();
    return IntStream.range(0, deviations.length)
        .filter(band -> deviations[band] == 0)
        .mapToObj(band -> band + 1)
        .toList();
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
