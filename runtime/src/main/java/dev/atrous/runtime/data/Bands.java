package dev.atrous.runtime.data;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.nio.file.Path;

/** The bands of decoded pixels as the file has them, for models of other bands than colours. */
final class Bands {
  private Bands() {}

  /**
   * The values of all bands.
   *
   * @param file for messages
   * @param wanted number of bands
   * @return {@code [H, W, bands]}
   * @throws UnusableFile for another number of bands, values of more or fewer than 8 bits, or a
   *     palette
   */
  static byte[] of(Path file, ImageFiles.Decoded decoded, int wanted) {
    BufferedImage image = decoded.image();
    Raster raster = image.getRaster();
    check(file, image, wanted);
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] values = new byte[wanted * width * height];
    int[] row = new int[wanted * width];
    for (int y = 0, at = 0; y < height; y++) {
      for (int value : raster.getPixels(0, y, width, 1, row)) {
        values[at++] = (byte) value;
      }
    }
    return values;
  }

  private static void check(Path file, BufferedImage image, int wanted) {
    ColorModel model = image.getColorModel();
    int found = image.getRaster().getNumBands();
    if (!(model instanceof ComponentColorModel)) {
      throw new UnusableFile(
          "Image %s has a palette or packed pixels, and the model wants %s"
              .formatted(file, counted(wanted)),
          "Save it with a byte for each band, for example as a TIFF.");
    }
    if (found != wanted) {
      throw new UnusableFile(
          "Image %s has %s, and the model wants %d".formatted(file, counted(found), wanted),
          "Use images with the bands that the model is made for, or a model with 'bands = %d'."
              .formatted(found));
    }
    boolean bytes = model.getTransferType() == DataBuffer.TYPE_BYTE;
    int bits = image.getRaster().getSampleModel().getSampleSize(0);
    if (!bytes || bits != Byte.SIZE) {
      throw new UnusableFile(
          "Image %s has %d bits for each value, and bands are read with 8".formatted(file, bits),
          "Bring the values of every image to 0..255 in the same way, and save them with 8 bits.");
    }
  }

  private static String counted(int bands) {
    return bands == 1 ? "1 band" : bands + " bands";
  }
}
