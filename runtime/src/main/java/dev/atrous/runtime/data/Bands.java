package dev.atrous.runtime.data;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;
import java.nio.file.Path;

/** The bands of decoded pixels as the file has them, for models of other pixels than colours. */
final class Bands {
  private Bands() {}

  /**
   * The values of all bands.
   *
   * @param file for messages
   * @return {@code [H, W, bands]}; of 16 bits, two bytes each
   * @throws UnusableFile for another number of bands or of bits, or a palette
   */
  static byte[] of(Path file, ImageFiles.Decoded decoded, PixelFormat wanted) {
    check(file, decoded, wanted);
    Raster raster = decoded.image().getRaster();
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] values = new byte[wanted.bytes() * width * height];
    boolean bytes = wanted.bits() == Byte.SIZE;
    int[] row = new int[wanted.bands() * width];
    for (int y = 0, at = 0; y < height; y++) {
      for (int value : raster.getPixels(0, y, width, 1, row)) {
        if (bytes) {
          values[at++] = (byte) value;
        } else {
          ShortValues.set(values, at++, value);
        }
      }
    }
    return values;
  }

  /**
   * Looks at one row of a file.
   *
   * @throws UnusableFile as {@link #of}, or if it can't be read
   */
  static void check(Path file, ImageHeader header, PixelFormat wanted) {
    Rectangle row = new Rectangle(0, 0, header.stored().width(), 1);
    check(file, ImageFiles.decodePart(file, row), wanted);
  }

  private static void check(Path file, ImageFiles.Decoded decoded, PixelFormat wanted) {
    BufferedImage image = decoded.image();
    ColorModel model = image.getColorModel();
    int found = image.getRaster().getNumBands();
    if (!(model instanceof ComponentColorModel)) {
      throw new UnusableFile(
          "Image %s has a palette or packed pixels, and the model wants %s".formatted(file, wanted),
          "Save it with a value for each band, for example as a TIFF.");
    }
    if (found != wanted.bands()) {
      throw new UnusableFile(
          "Image %s has %s, and the model wants %d"
              .formatted(file, found == 1 ? "1 band" : found + " bands", wanted.bands()),
          "Use images with the bands that the model is made for, or a model with 'bands = %d'."
              .formatted(found));
    }
    int bits = decoded.header().depth().stored();
    if (bits != wanted.bits()) {
      throw new UnusableFile(
          "Image %s has %d bits for each value, and the model wants %d"
              .formatted(file, bits, wanted.bits()),
          bits == Byte.SIZE || bits == Short.SIZE
              ? "Use images like those that the model was trained on, or a model with 'bits = %d'."
                  .formatted(bits)
              : "Save its values, as they are, with %d bits.".formatted(wanted.bits()));
    }
  }
}
