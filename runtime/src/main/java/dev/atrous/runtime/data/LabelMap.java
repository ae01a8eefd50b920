package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.nio.file.Path;

/**
 * The class of every pixel of an image: a mask.
 *
 * @param width in pixels
 * @param height in pixels
 * @param labels {@code [H, W]}, row-major, each byte 0..255 unsigned: 0 is background, {@link
 *     #VOID} no class; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // pixels, never compared
public record LabelMap(int width, int height, byte[] labels) {
  /** The label of pixels that neither the loss nor the metric counts. */
  public static final int VOID = 255;

  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if a side is not positive or the array has another length than
   *     {@code height * width}
   */
  public LabelMap {
    if (width < 1 || height < 1 || labels.length != (long) width * height) {
      throw new IllegalArgumentException(
          labels.length + " labels are not a map of " + width + "x" + height);
    }
  }

  /** The label at column {@code x} of row {@code y}, 0..255. */
  public int label(int x, int y) {
    return Byte.toUnsignedInt(labels[y * width + x]);
  }

  /**
   * Reads a PNG mask. With a palette, as in PASCAL VOC, the label is the index of the colour and
   * the colours are ignored; in grey of up to 8 bits it is the stored value.
   *
   * @throws AtrousException if the file is missing, can't be decoded or holds colours or 16-bit
   *     values in place of labels; the message names it and says how to convert it
   */
  public static LabelMap read(Path file) {
    ImageFiles.Decoded decoded = ImageFiles.decode(file);
    BufferedImage image = decoded.image();
    if (!decoded.format().equalsIgnoreCase("png")) {
      throw unusable(file, "a file of format " + decoded.format());
    }
    ColorModel model = image.getColorModel();
    Raster raster = image.getRaster();
    if (raster.getNumBands() > 1) {
      throw unusable(file, "a PNG of " + raster.getNumBands() + " channels");
    }
    if (!(model instanceof IndexColorModel) && model.getTransferType() != DataBuffer.TYPE_BYTE) {
      throw unusable(file, "a PNG of 16-bit values");
    }
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] labels = new byte[width * height];
    int[] row = new int[width];
    for (int y = 0, at = 0; y < height; y++) {
      raster.getSamples(0, y, width, 1, 0, row);
      for (int label : row) {
        labels[at++] = (byte) label;
      }
    }
    return new LabelMap(width, height, labels);
  }

  private static AtrousException unusable(Path file, String kind) {
    return new AtrousException(
        "Mask "
            + file
            + " is "
            + kind
            + ", but a mask holds one class number per pixel, in a palette PNG as PASCAL VOC has"
            + " or in an 8-bit grey PNG. Convert it: replace each colour or value by its class"
            + " number (0 background, 255 no class) and save that array of bytes as a grey PNG, in"
            + " Python with Image.fromarray(labels.astype('uint8')).save('mask.png').");
  }

  /**
   * Writes a palette PNG in the colours of {@link Palette}. The folder is made if need be, and the
   * file appears complete or not at all.
   *
   * @throws AtrousException if the file can't be written; the message names it
   */
  public void write(Path file) {
    BufferedImage image =
        new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, Palette.colorModel());
    image.getRaster().setDataElements(0, 0, width, height, labels);
    ImageFiles.writePng(image, file);
  }
}
