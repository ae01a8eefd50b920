package dev.atrous.runtime.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.nio.file.Path;

/**
 * An 8-bit RGB image.
 *
 * @param width in pixels
 * @param height in pixels
 * @param rgb {@code [H, W, 3]}, row-major, red first, each byte 0..255 unsigned; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // pixels, never compared
public record RgbImage(int width, int height, byte[] rgb) {
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
   * Reads a JPEG, a PNG or another format known to ImageIO. Grey values become equal red, green and
   * blue, 16-bit values lose their low byte, palettes are looked up, and an alpha channel is
   * dropped. Orientation tags (EXIF) are not applied.
   *
   * @throws dev.atrous.runtime.AtrousException if the file is missing or can't be decoded; the
   *     message names it
   */
  public static RgbImage read(Path file) {
    BufferedImage image = ImageFiles.decode(file).image();
    return new RgbImage(image.getWidth(), image.getHeight(), pixels(image));
  }

  /**
   * Writes a PNG, whatever the name of the file. The folder is made if need be, and the file
   * appears complete or not at all.
   *
   * @throws dev.atrous.runtime.AtrousException if the file can't be written; the message names it
   */
  public void write(Path file) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    image.getRaster().setDataElements(0, 0, width, height, rgb);
    ImageFiles.writePng(image, file);
  }

  private static byte[] pixels(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    if (image.getType() == BufferedImage.TYPE_3BYTE_BGR) { // every ordinary JPEG
      return (byte[]) image.getRaster().getDataElements(0, 0, width, height, null);
    }
    byte[] rgb = new byte[3 * width * height];
    int[] row = new int[width];
    boolean grey = isGrey(image.getColorModel());
    for (int y = 0, at = 0; y < height; y++) {
      if (grey) {
        greyRow(image.getRaster(), y, row);
      } else {
        image.getRGB(0, y, width, 1, row, 0, width);
      }
      for (int value : row) {
        rgb[at++] = (byte) (value >> 16);
        rgb[at++] = (byte) (value >> 8);
        rgb[at++] = (byte) value;
      }
    }
    return rgb;
  }

  private static boolean isGrey(ColorModel model) {
    return !(model instanceof IndexColorModel)
        && model.getColorSpace().getType() == ColorSpace.TYPE_GRAY
        && (model.getTransferType() == DataBuffer.TYPE_BYTE
            || model.getTransferType() == DataBuffer.TYPE_USHORT);
  }

  /** Java 2D takes grey for linear light and would brighten it, so the samples are read raw. */
  private static void greyRow(Raster raster, int y, int[] row) {
    raster.getSamples(0, y, row.length, 1, 0, row);
    int shift = raster.getTransferType() == DataBuffer.TYPE_USHORT ? 8 : 0;
    for (int x = 0; x < row.length; x++) {
      row[x] = (row[x] >> shift) * 0x010101;
    }
  }
}
