package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import java.nio.file.Path;

/**
 * The class of every pixel of an image: a mask.
 *
 * @param width in pixels
 * @param height in pixels
 * @param labels {@code [H, W]}, row-major, each byte 0..255 unsigned: 0 is background, {@link
 *     #VOID} no class; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // pixels, never compared
public record LabelMap(int width, int height, byte[] labels) {
  /** The label of pixels that neither the loss nor the metric counts. */
  public static final int VOID = 255;

  private static final LabelRules VALUES = LabelRules.numbers(VOID);

  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if a side is not positive or the array has another length than
   *     {@code height * width}
   */
  public LabelMap {
    if (width < 1 || height < 1 || labels.length != (long) width * height) {
      throw new IllegalArgumentException(
          labels.length + " labels are not a map of " + width + "x" + height);
    }
  }

  /** The label at column {@code x} of row {@code y}, 0..255. */
  public int label(int x, int y) {
    return Byte.toUnsignedInt(labels[y * width + x]);
  }

  /**
   * Reads a mask: a PNG, TIFF, GIF or BMP, turned as its EXIF orientation says. With a palette, as
   * in PASCAL VOC, the label is the index of the colour and the colours are ignored; in grey it is
   * the stored value, also in 16 bits up to 255, in equal red, green and blue, and beside an alpha
   * channel.
   *
   * @throws AtrousException if the file is missing, can't be read, is a JPEG, whose values are not
   *     those that were saved, or holds colours or larger values; the message names it and says how
   *     to convert it
   */
  public static LabelMap read(Path file) {
    try {
      return new MaskFile(file).read(VALUES, stored -> {});
    } catch (UnusableFile e) {
      throw e.alone();
    }
  }

  /**
   * Writes a palette PNG in the colours of {@link Palette}. The folder is made if need be, and the
   * file appears complete or not at all.
   *
   * @throws AtrousException if the file can't be written; the message names it
   */
  public void write(Path file) {
    write(file, MaskValues.CLASSES);
  }

  /**
   * Writes a mask as {@link #write(Path)}, in values of one's own.
   *
   * @param values see {@link LabelRules#values}
   * @throws AtrousException if the file can't be written, or a class has no value
   */
  public void write(Path file, MaskValues values) {
    try (MaskPicture mask = new MaskPicture(file, width, height, values)) {
      mask.add(this);
      mask.finish();
    }
  }
}
