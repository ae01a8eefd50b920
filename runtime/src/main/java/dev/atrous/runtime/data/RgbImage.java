package dev.atrous.runtime.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * An 8-bit RGB image.
 *
 * @param width in pixels
 * @param height in pixels
 * @param rgb {@code [H, W, 3]}, row-major, red first, each byte 0..255 unsigned; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // pixels, never compared
public record RgbImage(int width, int height, byte[] rgb) implements ImageRows {
  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if a side is not positive or the array has another length than
   *     {@code height * width * 3}
   */
  public RgbImage {
    if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
      throw new IllegalArgumentException(
          rgb.length + " bytes are not an RGB image of " + width + "x" + height);
    }
  }

  /**
   * Reads a JPEG, PNG, TIFF, GIF or BMP, whatever the name of the file, as viewers show it: turned
   * as its EXIF orientation says; of several pages, the first. The values are those that Pillow and
   * libjpeg give: inks (CMYK) are mixed, colour profiles and gamma are not applied, an alpha
   * channel is dropped. Grey values become equal red, green and blue, palettes are looked up.
   *
   * <p>Images of 16 bits are taken to 8 as {@link ImageSet} says; read images that belong together
   * by one such set.
   *
   * @throws dev.atrous.runtime.AtrousException if the file is missing or can't be read; the message
   *     names it
   */
  public static RgbImage read(Path file) {
    return ImageSet.of(List.of(file)).read(file);
  }

  /** All rows are this image itself; fewer are a copy. */
  @Override
  public RgbImage rows(int top, int count) {
    if (top == 0 && count == height) {
      return this;
    }
    int row = 3 * width;
    return new RgbImage(width, count, Arrays.copyOfRange(rgb, top * row, (top + count) * row));
  }

  /**
   * Writes a PNG, whatever the name of the file. The folder is made if need be, and the file
   * appears complete or not at all.
   *
   * @throws dev.atrous.runtime.AtrousException if the file can't be written; the message names it
   */
  public void write(Path file) {
    try (PngFile png = PngFile.rgb(file, width, height)) {
      png.write(rgb);
      png.finish();
    }
  }
}
