package dev.atrous.runtime.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DirectColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.nio.file.Path;

/**
 * The values of decoded pixels as the file has them. Java 2D's own conversions take grey for linear
 * light, apply colour profiles, and mix inks too bright.
 */
final class Samples {
  private static final int CMYK_CHANNELS = 4;

  private final BufferedImage image;
  private final int channels;

  /**
   * @param file for messages
   * @throws UnusableFile for pixels that are neither grey, nor RGB, inks or of a palette
   */
  Samples(Path file, BufferedImage image) {
    this.image = image;
    this.channels = channels(file, image);
  }

  private static int channels(Path file, BufferedImage image) {
    ColorModel model = image.getColorModel();
    if (model instanceof IndexColorModel || model instanceof DirectColorModel) {
      return 3;
    }
    int bands = image.getRaster().getNumBands();
    int type = model.getTransferType();
    if (model instanceof ComponentColorModel
        && (type == DataBuffer.TYPE_BYTE || type == DataBuffer.TYPE_USHORT)) {
      int space = model.getColorSpace().getType();
      if (space == ColorSpace.TYPE_GRAY && bands <= 2) {
        return 1;
      }
      if (space == ColorSpace.TYPE_RGB && (bands == 3 || bands == 4)) {
        return 3;
      }
      if (space == ColorSpace.TYPE_CMYK && bands == CMYK_CHANNELS) {
        return CMYK_CHANNELS;
      }
    }
    throw new UnusableFile(
        "Image %s has %d channels of a kind that is not read".formatted(file, bands),
        ImageFiles.SAVE_ANEW);
  }

  /** Whether values have more than 8 bits. */
  boolean isDeep() {
    ColorModel model = image.getColorModel();
    return model instanceof ComponentColorModel
        && model.getTransferType() == DataBuffer.TYPE_USHORT;
  }

  /** The bits that are set in any value, without those of alpha. */
  int usedBits() {
    Raster raster = image.getRaster();
    int bits = 0;
    int[] row = new int[image.getWidth()];
    for (int y = 0; y < image.getHeight(); y++) {
      for (int channel = 0; channel < channels; channel++) {
        for (int value : raster.getSamples(0, y, row.length, 1, channel, row)) {
          bits |= value;
        }
      }
    }
    return bits;
  }

  /**
   * The pixels as RGB.
   *
   * @param bits how many of a deep value count, 8..16: the highest 8 of them are taken
   * @return {@code [H, W, 3]}
   */
  byte[] rgb(int bits) {
    int width = image.getWidth();
    int height = image.getHeight();
    ColorModel model = image.getColorModel();
    if (image.getType() == BufferedImage.TYPE_3BYTE_BGR) { // every ordinary JPEG
      return (byte[]) image.getRaster().getDataElements(0, 0, width, height, null);
    }
    byte[] rgb = new byte[3 * width * height];
    if (model instanceof ComponentColorModel) {
      components(rgb, isDeep() ? bits - 8 : 0);
      return rgb;
    }
    int[] row = new int[width];
    for (int y = 0, at = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int value : row) {
        rgb[at++] = (byte) (value >> 16);
        rgb[at++] = (byte) (value >> 8);
        rgb[at++] = (byte) value;
      }
    }
    return rgb;
  }

  private void components(byte[] rgb, int shift) {
    Raster raster = image.getRaster();
    int bands = raster.getNumBands();
    boolean weighted = image.isAlphaPremultiplied() && image.getColorModel().hasAlpha();
    int full = isDeep() ? 0xffff : 0xff;
    int[] row = new int[bands * image.getWidth()];
    for (int y = 0, at = 0; y < image.getHeight(); y++) {
      raster.getPixels(0, y, image.getWidth(), 1, row);
      for (int i = 0; i < row.length; i += bands, at += 3) {
        for (int channel = 0; channel < 3; channel++) {
          int value = row[i + (channels == 1 ? 0 : channel)];
          if (weighted) {
            int alpha = row[i + bands - 1];
            value = alpha == 0 ? 0 : (int) Math.min(full, (long) value * full / alpha);
          }
          value = Math.min(0xff, value >> shift);
          if (channels == CMYK_CHANNELS) {
            value = ((0xff - value) * (0xff - Math.min(0xff, row[i + 3] >> shift)) + 127) / 0xff;
          }
          rgb[at + channel] = (byte) value;
        }
      }
    }
  }
}
