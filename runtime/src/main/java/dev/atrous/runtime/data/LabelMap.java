package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import java.awt.image.IndexColorModel;
import java.nio.file.Path;
import java.util.function.BiConsumer;

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
      return decode(file);
    } catch (UnusableFile e) {
      throw e.alone();
    }
  }

  /** As {@link #read}, with an error that can be told together with others. */
  static LabelMap decode(Path file) {
    return decode(file, (palette, labels) -> {});
  }

  /**
   * As {@link #decode(Path)}.
   *
   * @param palettes is told the palette of the mask and its labels, if it has one
   */
  static LabelMap decode(Path file, BiConsumer<IndexColorModel, byte[]> palettes) {
    try {
      ImageFiles.Decoded decoded = ImageFiles.decode(file, 1);
      ImageHeader header = decoded.header();
      if (decoded.format() == ImageFormat.JPEG) {
        throw new UnusableFile(
            "Mask " + file + " is a JPEG, which changes values: the class numbers are lost",
            "Make it anew as a PNG from what it was made from.");
      }
      if (header.pages() > 1) {
        throw new UnusableFile(
            "Mask " + file + " has " + header.pages() + " pages", "Save the one that counts.");
      }
      byte[] stored = MaskPixels.labels(file, decoded.image());
      if (decoded.image().getColorModel() instanceof IndexColorModel palette) {
        palettes.accept(palette, stored);
      }
      byte[] labels = header.orientation().apply(stored, header.stored(), 1);
      return new LabelMap(header.size().width(), header.size().height(), labels);
    } catch (OutOfMemoryError e) {
      throw ImageFiles.tooLarge(file, e);
    }
  }

  /**
   * Writes a palette PNG in the colours of {@link Palette}. The folder is made if need be, and the
   * file appears complete or not at all.
   *
   * @throws AtrousException if the file can't be written; the message names it
   */
  public void write(Path file) {
    try (PngFile png = PngFile.labels(file, width, height)) {
      png.write(labels);
      png.finish();
    }
  }
}
