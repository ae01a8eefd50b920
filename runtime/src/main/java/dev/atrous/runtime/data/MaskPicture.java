package dev.atrous.runtime.data;

import java.nio.file.Path;

/**
 * The mask of an image as a PNG, written strip by strip: as by {@link LabelMap#write}, without the
 * labels of the whole image in memory. It appears complete or not at all.
 *
 * <pre>{@code
 * try (MaskPicture mask = new MaskPicture(file, image.width(), image.height(), MaskValues.CLASSES)) {
 *   predictor.predict(List.of(image), (i, top, labels) -> mask.add(labels));
 *   mask.finish();
 * }
 * }</pre>
 */
public final class MaskPicture implements AutoCloseable {
  private final MaskValues values;
  private final PngFile png;

  /**
   * Begins the file; its folder is made if need be.
   *
   * @param width in pixels
   * @param height in pixels
   * @param values what the mask has for each class
   * @throws dev.atrous.runtime.AtrousException if the file can't be written; the message names it
   */
  public MaskPicture(Path file, int width, int height, MaskValues values) {
    this.values = values;
    png = PngFile.mask(file, width, height, values);
  }

  /**
   * Adds the next rows.
   *
   * @param labels as wide as the image
   * @throws dev.atrous.runtime.AtrousException if the file can't be written, or a class has no
   *     value
   */
  public void add(LabelMap labels) {
    png.write(values.of(labels.labels()));
  }

  /**
   * Puts the file in its place, when all rows are added.
   *
   * @throws dev.atrous.runtime.AtrousException if the file can't be written; the message names it
   */
  public void finish() {
    png.finish();
  }

  /** Leaves nothing behind of a file that was not finished. */
  @Override
  public void close() {
    png.close();
  }
}
