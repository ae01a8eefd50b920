package dev.atrous.runtime.data;

/**
 * An image whose pixels are had some rows at a time, so that it need not be in memory as a whole.
 * One thread at a time may use it.
 */
public interface ImageRows {
  /** Columns of the image, in pixels. */
  int width();

  /** Rows of the image, in pixels. */
  int height();

  /** What its pixels are; red, green and blue, unless it says otherwise. */
  default PixelFormat format() {
    return PixelFormat.RGB;
  }

  /**
   * Some rows, as wide as the image.
   *
   * @param top the first one, from 0
   * @param count how many, at least 1
   * @throws dev.atrous.runtime.AtrousException if they can't be read; the message names the file
   */
  Image rows(int top, int count);
}
