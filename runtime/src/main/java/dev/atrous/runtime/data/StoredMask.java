package dev.atrous.runtime.data;

import java.awt.image.IndexColorModel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a mask has for each pixel, before rules make classes of it.
 *
 * @param width in pixels
 * @param height in pixels
 * @param channels 1 for values of 8 bits, grey or indices of a palette; 2 for values of 16 bits,
 *     the high byte first; 3 for red, green and blue
 * @param bytes {@code [H, W, channels]}, not copied
 * @param palette of indices; null without
 */
@SuppressWarnings("ArrayRecordComponent") // pixels, never compared
record StoredMask(
    int width, int height, int channels, byte[] bytes, @Nullable IndexColorModel palette) {

  /** As it is shown. */
  StoredMask turned(Orientation orientation) {
    ImageFiles.Size stored = new ImageFiles.Size(width, height);
    ImageFiles.Size shown = orientation.turned(stored);
    byte[] turned = orientation.apply(bytes, stored, channels);
    return new StoredMask(shown.width(), shown.height(), channels, turned, palette);
  }

  int pixels() {
    return width * height;
  }

  /** The value of a pixel: that which is stored, or {@code 0xRRGGBB}. */
  int value(int pixel) {
    int value = 0;
    for (int at = pixel * channels; at < (pixel + 1) * channels; at++) {
      value = (value << 8) | (bytes[at] & 0xff);
    }
    return value;
  }

  /** The colour that a value stands for, {@code 0xRRGGBB}. */
  int color(int value) {
    if (channels == 3) {
      return value;
    }
    if (palette != null) {
      return value < palette.getMapSize() ? palette.getRGB(value) & 0xffffff : 0;
    }
    return 0x010101 * (channels == 2 ? value >> 8 : value);
  }

  /** With one number for each pixel where red, green and blue are equal; else itself. */
  StoredMask withoutEqualColors() {
    if (channels != 3) {
      return this;
    }
    byte[] grey = new byte[pixels()];
    for (int pixel = 0, at = 0; pixel < grey.length; pixel++, at += 3) {
      if (bytes[at] != bytes[at + 1] || bytes[at] != bytes[at + 2]) {
        return this;
      }
      grey[pixel] = bytes[at];
    }
    return new StoredMask(width, height, 1, grey, null);
  }

  /** Which of the values 0..255 occur, of a mask of one channel. */
  boolean[] used() {
    boolean[] used = new boolean[256];
    for (byte value : bytes) {
      used[Byte.toUnsignedInt(value)] = true;
    }
    return used;
  }

  /** The greatest value. */
  int greatest() {
    int greatest = 0;
    for (int pixel = 0; pixel < pixels(); pixel++) {
      greatest = Math.max(greatest, value(pixel));
    }
    return greatest;
  }

  @Override
  public String toString() {
    return "mask of %dx%d, %d channels, %s"
        .formatted(width, height, channels, Arrays.hashCode(bytes));
  }
}
