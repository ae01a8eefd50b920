package dev.atrous.runtime.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * An image of 8 bits: red, green and blue, or other bands for models that are made for them.
 *
 * @param width in pixels
 * @param height in pixels
 * @param bands 3 for red, green and blue
 * @param rgb {@code [H, W, bands]}, row-major, red first, each byte 0..255 unsigned; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // pixels, never compared
public record RgbImage(int width, int height, int bands, byte[] rgb) implements ImageRows {
  private static final int COLORS = 3;

  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if a side or the number of bands is not positive or the array
   *     has another length than {@code height * width * bands}
   */
  public RgbImage {
    if (width < 1 || height < 1 || bands < 1 || rgb.length != (long) bands * width * height) {
      throw new IllegalArgumentException(
          "%d bytes are not an image of %dx%d with %d bands"
              .formatted(rgb.length, width, height, bands));
    }
  }

  /** Red, green and blue. */
  public RgbImage(int width, int height, byte[] rgb) {
    this(width, height, COLORS, rgb);
  }

  /**
   * The image in colours, to look at: itself, or the first three of more bands as red, green and
   * blue, or the first of fewer as grey.
   */
  public RgbImage inColors() {
    if (bands == COLORS) {
      return this;
    }
    byte[] colors = new byte[COLORS * width * height];
    for (int at = 0; at < colors.length; at++) {
      colors[at] = rgb[at / COLORS * bands + (bands < COLORS ? 0 : at % COLORS)];
    }
    return new RgbImage(width, height, colors);
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
    int row = bands * width;
    byte[] part = Arrays.copyOfRange(rgb, top * row, (top + count) * row);
    return new RgbImage(width, count, bands, part);
  }

  /**
   * Writes a PNG of the image {@linkplain #inColors in colours}, whatever the name of the file. The
   * folder is made if need be, and the file appears complete or not at all.
   *
   * @throws dev.atrous.runtime.AtrousException if the file can't be written; the message names it
   */
  public void write(Path file) {
    try (PngFile png = PngFile.rgb(file, width, height)) {
      png.write(inColors().rgb);
      png.finish();
    }
  }
}
