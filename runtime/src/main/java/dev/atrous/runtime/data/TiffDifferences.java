package dev.atrous.runtime.data;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Set;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.plugins.tiff.TIFFDirectory;

/**
 * A TIFF whose values of 16 bits are stored as differences to the pixel on the left (predictor 2),
 * as most programs for satellite images write them. ImageIO knows them for 8 bits alone; here it
 * reads the differences as if they were values, and they are summed up afterwards.
 */
final class TiffDifferences {
  private static final int COMPRESSION = 259;
  private static final int PREDICTOR = 317;
  private static final int HORIZONTAL = 2;
  private static final int ENTRY_BYTES = 12;
  private static final int MINIMUM_IS_BLACK = 1;
  private static final int RGB = 2;

  private TiffDifferences() {}

  /** Those of LZW and deflate, old and new; other compressions know no predictor. */
  private static final Set<Integer> WITH_PREDICTOR = Set.of(5, 8, 32_946);

  /** Whether ImageIO can't read such a file, and this can. */
  static boolean areIn(TIFFDirectory tags) {
    int colors = ImageHeader.value(tags, ImageHeader.PHOTOMETRIC, 0);
    return ImageHeader.value(tags, PREDICTOR, 1) == HORIZONTAL
        && WITH_PREDICTOR.contains(ImageHeader.value(tags, COMPRESSION, 1))
        && ImageHeader.value(tags, ImageHeader.BITS_PER_SAMPLE, 1) == Short.SIZE
        && (colors == MINIMUM_IS_BLACK || colors == RGB);
  }

  /** The pixels of a part of the first image, or of all of it. */
  static BufferedImage read(FileInput input, ImageReader reader, ImageReadParam what)
      throws IOException {
    reader.setInput(withoutPredictor(input), false, true);
    Rectangle part = what.getSourceRegion();
    int width = reader.getWidth(0);
    int tile = reader.getTileWidth(0);
    if (part != null) { // sums begin where tiles do
      what.setSourceRegion(new Rectangle(0, part.y, width, part.height));
    }
    BufferedImage image = reader.read(0, what);
    sum(image.getRaster(), tile);
    return part == null || part.width == width
        ? image
        : image.getSubimage(part.x, 0, part.width, image.getHeight());
  }

  /** The file with the predictor 1, which is none. */
  private static FileInput withoutPredictor(FileInput input) throws IOException {
    input.seek(0);
    ByteOrder order = input.read() == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    input.setByteOrder(order);
    input.seek(4);
    input.seek(input.readUnsignedInt());
    int entries = input.readUnsignedShort();
    long first = input.getStreamPosition();
    for (int i = 0; i < entries; i++) {
      long entry = first + (long) ENTRY_BYTES * i;
      input.seek(entry);
      if (input.readUnsignedShort() == PREDICTOR) {
        boolean little = order == ByteOrder.LITTLE_ENDIAN;
        return input.withBytes(
            new byte[] {(byte) (little ? 1 : 0), (byte) (little ? 0 : 1)}, entry + 8);
      }
    }
    throw new IOException("its first directory has no predictor");
  }

  private static void sum(WritableRaster raster, int tile) {
    int bands = raster.getNumBands();
    int width = raster.getWidth();
    int[] row = new int[bands * width];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        for (int i = bands * x; x % tile > 0 && i < bands * (x + 1); i++) {
          row[i] = row[i] + row[i - bands] & 0xffff;
        }
      }
      raster.setPixels(0, y, width, 1, row);
    }
  }
}
