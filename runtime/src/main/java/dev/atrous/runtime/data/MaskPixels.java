package dev.atrous.runtime.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The pixels of a mask as they are stored. */
final class MaskPixels {
  private MaskPixels() {}

  /**
   * The index of the palette, the grey value, or the colour. Alpha is dropped. Equal red, green and
   * blue of 16 bits are a value; other colours of 16 bits are taken to 8.
   *
   * @param file for messages
   * @throws UnusableFile for pixels of another kind
   */
  static StoredMask read(Path file, BufferedImage image) {
    ColorModel model = image.getColorModel();
    Raster raster = image.getRaster();
    int type = raster.getTransferType();
    if (model instanceof IndexColorModel palette) {
      return mask(raster, 1, bytes(raster, 1), palette);
    }
    int space = model.getColorSpace().getType();
    boolean known = space == ColorSpace.TYPE_GRAY || space == ColorSpace.TYPE_RGB;
    if (!known
        || (type != DataBuffer.TYPE_BYTE
            && type != DataBuffer.TYPE_USHORT
            && type != DataBuffer.TYPE_INT)) {
      throw new UnusableFile(
          "Mask " + file + " has pixels of a kind that is not read", ImageFiles.SAVE_ANEW);
    }
    boolean deep = raster.getSampleModel().getSampleSize(0) > 8;
    if (raster.getNumBands() > 2 && !(deep && isGrey(raster))) {
      return mask(raster, 3, colors(raster, deep ? 8 : 0), null);
    }
    int channels = deep ? 2 : 1;
    return mask(raster, channels, bytes(raster, channels), null);
  }

  private static StoredMask mask(
      Raster raster, int channels, byte[] bytes, @Nullable IndexColorModel palette) {
    return new StoredMask(raster.getWidth(), raster.getHeight(), channels, bytes, palette);
  }

  /** The first band. */
  private static byte[] bytes(Raster raster, int channels) {
    int width = raster.getWidth();
    byte[] bytes = new byte[channels * width * raster.getHeight()];
    int[] row = new int[width];
    for (int y = 0, at = 0; y < raster.getHeight(); y++) {
      for (int value : raster.getSamples(0, y, width, 1, 0, row)) {
        if (channels == 2) {
          bytes[at++] = (byte) (value >> 8);
        }
        bytes[at++] = (byte) value;
      }
    }
    return bytes;
  }

  private static byte[] colors(Raster raster, int shift) {
    int bands = raster.getNumBands();
    byte[] bytes = new byte[3 * raster.getWidth() * raster.getHeight()];
    int[] row = new int[bands * raster.getWidth()];
    for (int y = 0, at = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, raster.getWidth(), 1, row);
      for (int i = 0; i < row.length; i += bands) {
        bytes[at++] = (byte) (row[i] >> shift);
        bytes[at++] = (byte) (row[i + 1] >> shift);
        bytes[at++] = (byte) (row[i + 2] >> shift);
      }
    }
    return bytes;
  }

  private static boolean isGrey(Raster raster) {
    int bands = raster.getNumBands();
    int[] row = new int[bands * raster.getWidth()];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, raster.getWidth(), 1, row);
      for (int i = 0; i < row.length; i += bands) {
        if (row[i] != row[i + 1] || row[i] != row[i + 2]) {
          return false;
        }
      }
    }
    return true;
  }
}
