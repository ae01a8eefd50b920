package dev.atrous.runtime.data;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The random changes that a sample undergoes on its way into a training crop. As in the paper
 * (section 4, "Data augmentation"): the image is scaled, padded at the right and the bottom to the
 * size of the crop with the mean pixel (labels with 255), cropped, and mirrored half of the time.
 * Beyond the paper, and off unless asked for: it is mirrored top to bottom, turned about the centre
 * of what the crop shows of it, and its colours are changed.
 *
 * <p>Images are resampled once, bilinearly with pixel centres at halves, labels by the nearest
 * neighbour; a scale of 1 copies. Only pixels of the crop are computed. What lies outside of a
 * turned image is the mean pixel and 255.
 *
 * @param minScale least scale, positive
 * @param maxScale greatest scale; scales are drawn uniformly from between the two
 * @param flip whether half of the crops are mirrored left to right
 * @param verticalFlip whether half of the crops are mirrored top to bottom
 * @param rotation largest angle in degrees, 0..180; angles are drawn uniformly from either side
 * @param colors how colours are changed
 */
public record Augmentation(
    double minScale,
    double maxScale,
    boolean flip,
    boolean verticalFlip,
    double rotation,
    ColorJitter colors) {
  static final int FRACTION_BITS = 11; // 8 + 2 * 11 bits fit an int
  static final int ONE = 1 << FRACTION_BITS;
  static final int HALF_SQUARED = 1 << (2 * FRACTION_BITS - 1);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException unless {@code 0 < minScale <= maxScale < infinity} and {@code
   *     0 <= rotation <= 180}
   */
  public Augmentation {
    if (!(minScale > 0 && minScale <= maxScale && maxScale < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("scales " + minScale + ".." + maxScale);
    }
    if (!(rotation >= 0 && rotation <= 180)) {
      throw new IllegalArgumentException("rotation by " + rotation + " degrees");
    }
  }

  /** With nothing but what the paper does. */
  public Augmentation(double minScale, double maxScale, boolean flip) {
    this(minScale, maxScale, flip, false, 0, ColorJitter.NONE);
  }

  /** That of the paper: scales 0.5 to 2, mirrored half of the time. */
  public static Augmentation standard() {
    return new Augmentation(0.5, 2.0, true);
  }

  /** The same, with half of the crops mirrored top to bottom as well, or none. */
  public Augmentation withVerticalFlip(boolean on) {
    return new Augmentation(minScale, maxScale, flip, on, rotation, colors);
  }

  /** The same, turned by up to an angle in degrees. */
  public Augmentation withRotation(double degrees) {
    return new Augmentation(minScale, maxScale, flip, verticalFlip, degrees, colors);
  }

  /** The same with other changes of colours. */
  public Augmentation withColors(ColorJitter jitter) {
    return new Augmentation(minScale, maxScale, flip, verticalFlip, rotation, jitter);
  }

  /**
   * Draws a crop of a sample and writes it into a batch. What is drawn for one change does not
   * depend on whether others are switched on.
   *
   * @param random what the crop is drawn from; equal states give equal crops
   * @param padding what lies outside of the image
   * @param batch where to; of as many bands as the sample and the padding
   * @param slot which crop of the batch, 0..size-1
   */
  void crop(
      LabelledImage sample, SplittableRandom random, MeanPixel padding, Batch batch, int slot) {
    double scale = minScale == maxScale ? minScale : random.nextDouble(minScale, maxScale);
    int width = scaled(sample.image().width(), scale);
    int height = scaled(sample.image().height(), scale);
    int side = batch.crop();
    int left = random.nextInt(Math.max(width - side, 0) + 1);
    int top = random.nextInt(Math.max(height - side, 0) + 1);
    boolean mirrored = random.nextBoolean() && flip;
    boolean upsideDown = random.nextBoolean() && verticalFlip;
    double angle = (2 * random.nextDouble() - 1) * rotation;
    Region region;
    if (angle == 0) {
      Axis columns = Axis.of(sample.image().width(), width, left, side, mirrored);
      Axis rows = Axis.of(sample.image().height(), height, top, side, upsideDown);
      region = upright(sample, rows, columns, padding, batch, slot);
    } else {
      Turn.Side columns = new Turn.Side(sample.image().width(), width, left, side, mirrored);
      Turn.Side rows = new Turn.Side(sample.image().height(), height, top, side, upsideDown);
      region = new Turn(sample, columns, rows, Math.toRadians(angle)).crop(padding, batch, slot);
    }
    if (!colors.equals(ColorJitter.NONE)) {
      colors.apply(random, batch.images(), 3 * slot * side * side, region);
    }
  }

  private static Region upright(
      LabelledImage sample, Axis rows, Axis columns, MeanPixel padding, Batch batch, int slot) {
    int side = batch.crop();
    Region region = Region.empty(side);
    for (int y = 0; y < side; y++) {
      int at = (slot * side + y) * side;
      if (y >= rows.from() && y < rows.to()) {
        region.from()[y] = columns.from();
        region.to()[y] = columns.to();
        padding.fill(batch.images(), at, at + columns.from());
        imageRow(sample.image(), rows, y, columns, batch.images(), at);
        padding.fill(batch.images(), at + columns.to(), at + side);
        Arrays.fill(batch.labels(), at, at + side, (byte) LabelMap.VOID);
        labelRow(sample.labels(), rows.nearest()[y], columns, batch.labels(), at);
      } else {
        padding.fill(batch.images(), at, at + side);
        Arrays.fill(batch.labels(), at, at + side, (byte) LabelMap.VOID);
      }
    }
    return region;
  }

  private static int scaled(int size, double scale) {
    return Math.max(1, (int) Math.round(size * scale));
  }

  private static void imageRow(
      Image image, Axis rows, int y, Axis columns, byte[] out, int outPixel) {
    if (image.format().bits() == Short.SIZE) {
      deepRow(image, rows, y, columns, out, outPixel);
    } else if (image.bands() == 3) {
      colorRow(image, rows, y, columns, out, outPixel);
    } else {
      bandRow(image, rows, y, columns, out, outPixel);
    }
  }

  /** As {@link #bandRow}, a quarter faster for the usual images: the compiler knows the bands. */
  private static void colorRow(
      Image image, Axis rows, int y, Axis columns, byte[] out, int outPixel) {
    byte[] rgb = image.values();
    int upper = 3 * image.width() * rows.low()[y];
    int lower = 3 * image.width() * rows.high()[y];
    int down = rows.fraction()[y];
    int up = ONE - down;
    int at = 3 * (outPixel + columns.from());
    for (int x = columns.from(); x < columns.to(); x++) {
      int low = 3 * columns.low()[x];
      int high = 3 * columns.high()[x];
      int right = columns.fraction()[x];
      int left = ONE - right;
      for (int channel = 0; channel < 3; channel++, at++, low++, high++) {
        int above = (rgb[upper + low] & 0xff) * left + (rgb[upper + high] & 0xff) * right;
        int below = (rgb[lower + low] & 0xff) * left + (rgb[lower + high] & 0xff) * right;
        out[at] = (byte) ((above * up + below * down + HALF_SQUARED) >> (2 * FRACTION_BITS));
      }
    }
  }

  private static void bandRow(
      Image image, Axis rows, int y, Axis columns, byte[] out, int outPixel) {
    byte[] rgb = image.values();
    int bands = image.bands();
    int upper = bands * image.width() * rows.low()[y];
    int lower = bands * image.width() * rows.high()[y];
    int down = rows.fraction()[y];
    int up = ONE - down;
    int at = bands * (outPixel + columns.from());
    for (int x = columns.from(); x < columns.to(); x++) {
      int low = bands * columns.low()[x];
      int high = bands * columns.high()[x];
      int right = columns.fraction()[x];
      int left = ONE - right;
      for (int band = 0; band < bands; band++, at++, low++, high++) {
        int above = (rgb[upper + low] & 0xff) * left + (rgb[upper + high] & 0xff) * right;
        int below = (rgb[lower + low] & 0xff) * left + (rgb[lower + high] & 0xff) * right;
        out[at] = (byte) ((above * up + below * down + HALF_SQUARED) >> (2 * FRACTION_BITS));
      }
    }
  }

  /** As {@link #bandRow}, for values of 16 bits. */
  private static void deepRow(
      Image image, Axis rows, int y, Axis columns, byte[] out, int outPixel) {
    byte[] values = image.values();
    int bands = image.bands();
    int upper = bands * image.width() * rows.low()[y];
    int lower = bands * image.width() * rows.high()[y];
    int at = bands * (outPixel + columns.from());
    for (int x = columns.from(); x < columns.to(); x++) {
      int low = bands * columns.low()[x];
      int high = bands * columns.high()[x];
      for (int band = 0; band < bands; band++, at++, low++, high++) {
        int right = columns.fraction()[x];
        long above = deepMix(values, upper + low, upper + high, right);
        long below = deepMix(values, lower + low, lower + high, right);
        ShortValues.set(out, at, rounded(above, below, rows.fraction()[y]));
      }
    }
  }

  /** Two values of 16 bits, mixed by the fraction of the second; in units of 1 / {@link #ONE}. */
  static long deepMix(byte[] values, int first, int second, int fraction) {
    return (long) ShortValues.get(values, first) * (ONE - fraction)
        + (long) ShortValues.get(values, second) * fraction;
  }

  /** The value between two that {@link #deepMix} gives. */
  static int rounded(long above, long below, int fraction) {
    return (int)
        ((above * (ONE - fraction) + below * fraction + HALF_SQUARED) >> (2 * FRACTION_BITS));
  }

  private static void labelRow(LabelMap labels, int row, Axis columns, byte[] out, int outPixel) {
    int start = row * labels.width();
    for (int x = columns.from(); x < columns.to(); x++) {
      out[outPixel + x] = labels.labels()[start + columns.nearest()[x]];
    }
  }

  /**
   * Where the pixels {@code from <= x < to} of one side of the crop come from in the source; the
   * others are padding. A value is that of {@code low} and of {@code high}, mixed by the {@code
   * fraction} of {@code high} in units of 1 / {@link #ONE}.
   */
  @SuppressWarnings("ArrayRecordComponent") // local to a crop, never compared
  private record Axis(int from, int to, int[] low, int[] high, int[] fraction, int[] nearest) {
    static Axis of(int size, int scaledSize, int offset, int side, boolean mirrored) {
      int covered = Math.min(side, scaledSize - offset);
      int[] low = new int[side];
      int[] high = new int[side];
      int[] fraction = new int[side];
      int[] nearest = new int[side];
      double step = (double) size / scaledSize;
      for (int i = 0; i < covered; i++) {
        int x = mirrored ? side - 1 - i : i;
        double centre = (offset + i + 0.5) * step;
        nearest[x] = Math.min((int) centre, size - 1);
        double source = Math.max(centre - 0.5, 0);
        low[x] = Math.min((int) source, size - 1);
        high[x] = Math.min(low[x] + 1, size - 1);
        fraction[x] = (int) Math.round((source - low[x]) * ONE);
      }
      int from = mirrored ? side - covered : 0;
      return new Axis(from, from + covered, low, high, fraction, nearest);
    }
  }
}
