package dev.atrous.runtime.data;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * The two pictures of a labelled image, written strip by strip: its {@link MaskPicture}, and the
 * {@link Overlay}. They appear complete or not at all.
 *
 * <pre>{@code
 * try (LabelPictures pictures =
 *     new LabelPictures(image, mask, MaskValues.CLASSES, overlay, ClassColors.VOC)) {
 *   predictor.predict(List.of(image), (i, top, labels) -> pictures.add(labels));
 *   pictures.finish();
 * }
 * }</pre>
 */
public final class LabelPictures implements AutoCloseable {
  private static final int PIXELS_AT_ONCE = 1 << 20; // painting needs several times as many bytes

  private final ImageRows image;
  private final ClassColors colors;
  private final MaskPicture mask;
  private final PngFile overlay;
  private int labelled; // rows that have labels
  private int painted; // rows that are in the overlay
  private byte[] lastLabels = {}; // of the last two of them, whose neighbours are not all known

  /**
   * Begins both files.
   *
   * @param image read again in strips, as the labels come; not closed
   * @param values what the mask has for each class
   * @param colors of the overlay
   * @throws dev.atrous.runtime.AtrousException if a file can't be written; the message names it
   */
  public LabelPictures(
      ImageRows image, Path maskFile, MaskValues values, Path overlayFile, ClassColors colors) {
    this.image = image;
    this.colors = colors;
    mask = new MaskPicture(maskFile, image.width(), image.height(), values);
    PngFile second = null;
    try {
      second = PngFile.rgb(overlayFile, image.width(), image.height());
    } finally {
      if (second == null) {
        mask.close();
      }
    }
    overlay = second;
  }

  /**
   * Adds the next rows.
   *
   * @param labels as wide as the image
   * @throws dev.atrous.runtime.AtrousException if the image can't be read or a file can't be
   *     written; the message names it
   */
  public void add(LabelMap labels) {
    mask.add(labels);
    int width = image.width();
    int rows = Math.max(1, PIXELS_AT_ONCE / width);
    for (int top = 0; top < labels.height(); top += rows) {
      int end = Math.min(labels.height(), top + rows);
      paint(Arrays.copyOfRange(labels.labels(), top * width, end * width));
    }
  }

  /** Paints the rows of which all neighbours are known with some more labels. */
  private void paint(byte[] labels) {
    int width = image.width();
    byte[] known = Arrays.copyOf(lastLabels, lastLabels.length + labels.length);
    System.arraycopy(labels, 0, known, lastLabels.length, labels.length);
    int rows = known.length / width;
    labelled += labels.length / width;
    int first = labelled - rows; // of the known ones
    int end = labelled == image.height() ? labelled : labelled - 1;
    byte[] rgb =
        Overlay.of(image.rows(first, rows), new LabelMap(width, rows, known), colors).values();
    int row = 3 * width;
    overlay.write(Arrays.copyOfRange(rgb, row * (painted - first), row * (end - first)));
    painted = end;
    lastLabels = Arrays.copyOfRange(known, Math.max(0, rows - 2) * width, known.length);
  }

  /** Puts both files in their places, when all rows are added. */
  public void finish() {
    mask.finish();
    overlay.finish();
  }

  /** Leaves nothing behind of files that were not finished. */
  @Override
  public void close() {
    mask.close();
    overlay.close();
  }
}
