package dev.atrous.runtime.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * An image: red, green and blue in bytes, or other bands and values of 16 bits for models that are
 * made for them.
 *
 * @param width in pixels
 * @param height in pixels
 * @param format what its pixels are
 * @param values {@code [H, W, bands]}, row-major, red first, unsigned; a value of 16 bits is two
 *     bytes in the order of the machine; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // pixels, never compared
public record Image(int width, int height, PixelFormat format, byte[] values) implements ImageRows {
  private static final int COLORS = 3;

  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if a side is not positive or the array has another length than
   *     {@code height * width} pixels
   */
  public Image {
    if (width < 1 || height < 1 || values.length != (long) format.bytes() * width * height) {
      throw new IllegalArgumentException(
          "%d bytes are not an image of %dx%d with %s"
              .formatted(values.length, width, height, format));
    }
  }

  /** Red, green and blue. */
  public Image(int width, int height, byte[] values) {
    this(width, height, PixelFormat.RGB, values);
  }

  /** Bands of 8 bits. */
  public Image(int width, int height, int bands, byte[] values) {
    this(width, height, new PixelFormat(bands, Byte.SIZE), values);
  }

  /**
   * Bands of 16 bits.
   *
   * @param values {@code [H, W, bands]}, row-major, unsigned; copied
   * @throws IllegalArgumentException as the others
   */
  public static Image ofShorts(int width, int height, int bands, short[] values) {
    byte[] bytes = new byte[Short.BYTES * values.length];
    for (int i = 0; i < values.length; i++) {
      ShortValues.set(bytes, i, values[i]);
    }
    return new Image(width, height, new PixelFormat(bands, Short.SIZE), bytes);
  }

  /** Values of a pixel; 3 of 8 bits are red, green and blue. */
  public int bands() {
    return format.bands();
  }

  /**
   * A value.
   *
   * @param index in {@code [H, W, bands]}
   */
  public int value(int index) {
    return format.bits() == Byte.SIZE
        ? Byte.toUnsignedInt(values[index])
        : ShortValues.get(values, index);
  }

  /**
   * The image in colours, to look at: itself, or the first three of more bands as red, green and
   * blue, or the first of fewer as grey; values of 16 bits from black to white as the {@linkplain
   * PixelFormat format} says.
   */
  public Image inColors() {
    if (format.isRgb()) {
      return this;
    }
    int bands = bands();
    byte[] colors = new byte[COLORS * width * height];
    for (int at = 0; at < colors.length; at++) {
      int band = bands < COLORS ? 0 : at % COLORS;
      int value = value(at / COLORS * bands + band);
      colors[at] = (byte) (format.bits() == Byte.SIZE ? value : shown(value, band));
    }
    return new Image(width, height, colors);
  }

  private int shown(int value, int band) {
    float black = format.black().get(band);
    float share = (value - black) / (format.white().get(band) - black);
    return Math.round(0xff * Math.max(0, Math.min(1, share)));
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
  public static Image read(Path file) {
    return ImageSet.of(List.of(file)).read(file);
  }

  /** All rows are this image itself; fewer are a copy. */
  @Override
  public Image rows(int top, int count) {
    if (top == 0 && count == height) {
      return this;
    }
    int row = format.bytes() * width;
    byte[] part = Arrays.copyOfRange(values, top * row, (top + count) * row);
    return new Image(width, count, format, part);
  }

  /**
   * Writes a PNG of the image {@linkplain #inColors in colours}, whatever the name of the file. The
   * folder is made if need be, and the file appears complete or not at all.
   *
   * @throws dev.atrous.runtime.AtrousException if the file can't be written; the message names it
   */
  public void write(Path file) {
    try (PngFile png = PngFile.rgb(file, width, height)) {
      png.write(inColors().values);
      png.finish();
    }
  }
}
