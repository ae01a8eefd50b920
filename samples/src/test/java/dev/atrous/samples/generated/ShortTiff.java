package dev.atrous.samples.generated;

import java.awt.Point;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferUShort;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** TIFFs whose values have 16 bits. */
final class ShortTiff {
  private ShortTiff() {}

  /**
   * Writes four bands.
   *
   * @param values {@code [height, width, 4]}
   */
  static void write(Path file, int width, int height, short[] values) throws IOException {
    ColorModel colors =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            true,
            false,
            Transparency.TRANSLUCENT,
            DataBuffer.TYPE_USHORT);
    WritableRaster raster =
        Raster.createInterleavedRaster(
            new DataBufferUShort(values, values.length),
            width,
            height,
            4 * width,
            4,
            new int[] {0, 1, 2, 3},
            new Point());
    if (!ImageIO.write(new BufferedImage(colors, raster, false, null), "tiff", file.toFile())) {
      throw new IOException("no writer for " + file);
    }
  }
}
