package dev.atrous.runtime.data;

import java.util.Arrays;

/**
 * A crop of an image that is scaled and turned at once: each of its pixels is looked up in the
 * source, whose pixels are read where they are.
 */
final class Turn {
  /**
   * How one side of the crop lies in the image.
   *
   * @param size of the source in pixels
   * @param scaledSize of the scaled source
   * @param offset of the crop in the scaled source
   * @param crop side of the crop
   * @param mirrored whether the crop is mirrored
   */
  record Side(int size, int scaledSize, int offset, int crop, boolean mirrored) {
    /** Pixels of the source in a pixel of the crop. */
    private double step() {
      return (double) size / scaledSize;
    }

    /** The middle of what the crop shows of the image. */
    private double middle() {
      return Math.min(crop, scaledSize - offset) / 2.0;
    }

    /** A pixel's centre, from the middle and before mirroring. */
    private double centre(int pixel) {
      return (mirrored ? crop - pixel - 0.5 : pixel + 0.5) - middle();
    }

    private int direction() {
      return mirrored ? -1 : 1;
    }
  }

  private static final int BITS = Integer.SIZE; // of the fraction of a place in the source
  private static final long HALF = 1L << (BITS - 1);

  private final Image image;
  private final LabelMap labels;
  private final Side columns;
  private final Side rows;
  private final double cos;
  private final double sin;

  /**
   * @param angle in radians, counterclockwise, not 0
   */
  Turn(LabelledImage sample, Side columns, Side rows, double angle) {
    image = sample.image();
    labels = sample.labels();
    this.columns = columns;
    this.rows = rows;
    cos = Math.cos(angle);
    sin = Math.sin(angle);
  }

  Region crop(MeanPixel padding, Batch batch, int slot) {
    int side = batch.crop();
    Region region = Region.empty(side);
    long right = fixed(columns.direction() * cos * columns.step());
    long down = fixed(columns.direction() * sin * rows.step());
    for (int y = 0; y < side; y++) {
      double across = columns.centre(0);
      double along = rows.centre(y);
      long column =
          fixed(
              (columns.offset() + columns.middle() + across * cos - along * sin) * columns.step());
      long row = fixed((rows.offset() + rows.middle() + across * sin + along * cos) * rows.step());
      int from = 0;
      while (from < side && !isInside(column + from * right, row + from * down)) {
        from++;
      }
      int to = from; // what is inside of a row is in one piece, since places lie on a line
      while (to < side && isInside(column + to * right, row + to * down)) {
        to++;
      }
      int at = (slot * side + y) * side;
      padding.fill(batch.images(), at, at + from);
      imageRow(column, row, right, down, from, to, batch.images(), at);
      padding.fill(batch.images(), at + to, at + side);
      Arrays.fill(batch.labels(), at, at + side, (byte) LabelMap.VOID);
      for (int x = from; x < to; x++) {
        int source = whole(row + x * down) * image.width() + whole(column + x * right);
        batch.labels()[at + x] = labels.labels()[source];
      }
      region.from()[y] = from;
      region.to()[y] = to;
    }
    return region;
  }

  private static long fixed(double value) {
    return Math.round(value * (1L << BITS));
  }

  private static int whole(long place) {
    return (int) (place >> BITS);
  }

  private boolean isInside(long column, long row) {
    return column >= 0 && whole(column) < image.width() && row >= 0 && whole(row) < image.height();
  }

  private void imageRow(
      long column, long row, long right, long down, int from, int to, byte[] out, int outPixel) {
    byte[] rgb = image.values();
    int bands = image.bands();
    boolean deep = image.format().bits() == Short.SIZE;
    int width = image.width();
    int lastColumn = width - 1;
    int lastRow = image.height() - 1;
    int shift = BITS - Augmentation.FRACTION_BITS;
    int at = bands * (outPixel + from);
    for (int x = from; x < to; x++) {
      long c = Math.max(0, column + x * right - HALF);
      long r = Math.max(0, row + x * down - HALF);
      int low = whole(c);
      int upper = whole(r);
      int next = low < lastColumn ? bands : 0;
      int above = bands * (upper * width + low);
      int below = upper < lastRow ? above + bands * width : above;
      int xPart = (int) (c >> shift) & (Augmentation.ONE - 1);
      int yPart = (int) (r >> shift) & (Augmentation.ONE - 1);
      int xRest = Augmentation.ONE - xPart;
      int yRest = Augmentation.ONE - yPart;
      if (deep) {
        for (int band = 0; band < bands; band++, at++, above++, below++) {
          long first = Augmentation.deepMix(rgb, above, above + next, xPart);
          long second = Augmentation.deepMix(rgb, below, below + next, xPart);
          ShortValues.set(out, at, Augmentation.rounded(first, second, yPart));
        }
        continue;
      }
      for (int band = 0; band < bands; band++, at++, above++, below++) {
        int first = (rgb[above] & 0xff) * xRest + (rgb[above + next] & 0xff) * xPart;
        int second = (rgb[below] & 0xff) * xRest + (rgb[below + next] & 0xff) * xPart;
        out[at] =
            (byte)
                ((first * yRest + second * yPart + Augmentation.HALF_SQUARED)
                    >> (2 * Augmentation.FRACTION_BITS));
      }
    }
  }
}
