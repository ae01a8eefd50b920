package dev.atrous.runtime.metric;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Counts {@code n[t][p]} of pixels of class {@code t} that were predicted to be {@code p}, over any
 * number of images, and the measures of PASCAL VOC that follow from them:
 *
 * <pre>
 * IoU(c)         = n[c][c] / (sum over p of n[c][p] + sum over t of n[t][c] - n[c][c])
 * mean IoU       = mean of IoU(c) over the classes that occur in truth or prediction
 * pixel accuracy = sum over c of n[c][c] / sum of all n
 * </pre>
 *
 * <p>Pixels whose true label is 255 are not counted. Not safe for use by several threads: give each
 * its own and {@link #merge} them.
 */
public final class ConfusionMatrix {
  private static final int VOID = 255;

  private final int classes;
  private final long[] counts; // [truth, prediction]

  /**
   * An empty matrix.
   *
   * @param classes number of classes with background, 1..255
   */
  public ConfusionMatrix(int classes) {
    if (classes < 1 || classes > VOID) {
      throw new IllegalArgumentException(classes + " classes are not in 1..255");
    }
    this.classes = classes;
    this.counts = new long[classes * classes];
  }

  /**
   * A matrix of counts.
   *
   * @param counts as in {@link #counts}
   */
  public static ConfusionMatrix of(int classes, long[] counts) {
    ConfusionMatrix matrix = new ConfusionMatrix(classes);
    if (counts.length != matrix.counts.length) {
      throw new IllegalArgumentException(counts.length + " counts of " + classes + " classes");
    }
    System.arraycopy(counts, 0, matrix.counts, 0, counts.length);
    return matrix;
  }

  /** The counts {@code n[t][p]}, row by row: those of a true class stand together. A copy. */
  public long[] counts() {
    return counts.clone();
  }

  /** Number of classes. */
  public int classes() {
    return classes;
  }

  /**
   * Counts the pixels of an image, or of several.
   *
   * @param truth labels, unsigned: 0..classes-1, or 255 for pixels to leave out
   * @param prediction labels, as many, 0..classes-1; any value where the truth is 255
   * @throws IllegalArgumentException if the lengths differ or a label is out of range; the pixels
   *     before it are counted
   */
  public void add(byte[] truth, byte[] prediction) {
    if (truth.length != prediction.length) {
      throw new IllegalArgumentException(
          truth.length + " true labels, " + prediction.length + " predicted ones");
    }
    for (int i = 0; i < truth.length; i++) {
      int t = Byte.toUnsignedInt(truth[i]);
      if (t == VOID) {
        continue;
      }
      int p = Byte.toUnsignedInt(prediction[i]);
      if (t >= classes || p >= classes) {
        throw new IllegalArgumentException(
            "pixel %d: true label %d, predicted %d, of %d classes".formatted(i, t, p, classes));
      }
      counts[t * classes + p]++;
    }
  }

  /**
   * Adds the counts of another matrix to this one.
   *
   * @throws IllegalArgumentException if it has another number of classes
   */
  public void merge(ConfusionMatrix other) {
    if (other.classes != classes) {
      throw new IllegalArgumentException(other.classes + " classes, not " + classes);
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
  }

  /** Number of pixels of class {@code truth} that were predicted as {@code prediction}. */
  public long count(int truth, int prediction) {
    return counts[index(truth) * classes + index(prediction)];
  }

  /** Number of pixels whose class is this one. */
  public long truthPixels(int c) {
    return IntStream.range(0, classes).mapToLong(prediction -> count(c, prediction)).sum();
  }

  /** Number of pixels that were predicted to be of this class. */
  public long predictedPixels(int c) {
    return IntStream.range(0, classes).mapToLong(truth -> count(truth, c)).sum();
  }

  /** Share of the counted pixels whose class is this one, 0..1; NaN for no pixels. */
  public double truthShare(int c) {
    return share(truthPixels(c), pixels());
  }

  /** Share of the pixels of a class that were found, 0..1; NaN if it has none. */
  public double recall(int c) {
    return share(count(c, c), truthPixels(c));
  }

  /** Share of the pixels with this prediction that are right, 0..1; NaN if there are none. */
  public double precision(int c) {
    return share(count(c, c), predictedPixels(c));
  }

  private static double share(long part, long all) {
    return all == 0 ? Double.NaN : (double) part / all;
  }

  /** Intersection over union of a class, 0..1; NaN if it occurs in neither truth nor prediction. */
  public double iou(int c) {
    return share(count(c, c), truthPixels(c) + predictedPixels(c) - count(c, c));
  }

  /** {@link #iou} of every class, in order. */
  public double[] perClassIou() {
    return IntStream.range(0, classes).mapToDouble(this::iou).toArray();
  }

  /** Number of classes that occur in truth or prediction. */
  public int countedClasses() {
    return (int) Arrays.stream(perClassIou()).filter(iou -> !Double.isNaN(iou)).count();
  }

  /**
   * Mean of {@link #iou} over the classes that occur in truth or prediction; NaN for no pixels.
   *
   * @return 0..1; the papers give it in percent
   */
  public double meanIou() {
    return Arrays.stream(perClassIou())
        .filter(iou -> !Double.isNaN(iou))
        .average()
        .orElse(Double.NaN);
  }

  /** Share of the counted pixels whose prediction is right, 0..1; NaN for no pixels. */
  public double pixelAccuracy() {
    long right = 0;
    for (int c = 0; c < classes; c++) {
      right += count(c, c);
    }
    return share(right, pixels());
  }

  /** Number of counted pixels. */
  public long pixels() {
    return Arrays.stream(counts).sum();
  }

  private int index(int c) {
    if (c < 0 || c >= classes) {
      throw new IllegalArgumentException("class " + c + " of " + classes);
    }
    return c;
  }
}
