package dev.atrous.runtime.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The labels in the pixels of a mask. */
final class MaskPixels {
  private static final int COLORS_SHOWN = 6;
  private static final int COLORS_COUNTED = 1000;
  private static final String COLOR_ADVICE =
      "A mask holds one class number per pixel, as the index of a palette (as PASCAL VOC has it) or"
          + " as grey: 0 is background, 1 to 254 are classes, 255 is ignored. Paint each colour in"
          + " the grey of its class number, for example with ImageMagick: magick colours.png -alpha"
          + " off -fill 'rgb(1,1,1)' -opaque '#800000' -fill 'rgb(2,2,2)' -opaque '#008000'"
          + " numbers.png";

  private MaskPixels() {}

  /**
   * The index of the palette, or the grey value.
   *
   * @param file for messages
   * @return {@code [H, W]} as stored
   * @throws UnusableFile for colours, and for values above 255
   */
  static byte[] labels(Path file, BufferedImage image) {
    ColorModel model = image.getColorModel();
    Raster raster = image.getRaster();
    int bands = raster.getNumBands();
    int type = raster.getTransferType();
    if (model instanceof IndexColorModel) {
      return band(file, raster);
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
    if (bands <= 2) { // grey, with alpha
      return band(file, raster);
    }
    if (!isGrey(raster)) {
      throw colours(file, image);
    }
    return band(file, raster);
  }

  private static byte[] band(Path file, Raster raster) {
    int width = raster.getWidth();
    byte[] labels = new byte[width * raster.getHeight()];
    int[] row = new int[width];
    int greatest = 0;
    for (int y = 0, at = 0; y < raster.getHeight(); y++) {
      for (int label : raster.getSamples(0, y, width, 1, 0, row)) {
        greatest = Math.max(greatest, label);
        labels[at++] = (byte) label;
      }
    }
    if (greatest > LabelMap.VOID) {
      throw new UnusableFile(
          "Mask %s has values of 16 bits up to %d".formatted(file, greatest),
          "A mask holds class numbers from 0 to 254, and 255 for pixels to ignore. If the values"
              + " are numbers of objects, replace each by the number of the object's class.");
    }
    return labels;
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

  private static UnusableFile colours(Path file, BufferedImage image) {
    Map<Integer, Integer> counts = new HashMap<>();
    for (int y = 0; y < image.getHeight() && counts.size() <= COLORS_COUNTED; y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        counts.merge(image.getRGB(x, y) & 0xffffff, 1, Integer::sum);
      }
    }
    if (counts.size() > COLORS_COUNTED) {
      return new UnusableFile(
          "Mask %s has more than %d colours: it looks like a photo or an overlay"
              .formatted(file, COLORS_COUNTED),
          "A mask holds one class number per pixel, as the index of a palette or as grey.");
    }
    List<Integer> frequent =
        counts.entrySet().stream()
            .sorted(
                Map.Entry.<Integer, Integer>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .map(Map.Entry::getKey)
            .limit(COLORS_SHOWN)
            .toList();
    String shown = frequent.stream().map(MaskPixels::hex).collect(Collectors.joining(", "));
    return new UnusableFile(
        "Mask %s has %d colours in place of class numbers: %s%s"
            .formatted(file, counts.size(), shown, counts.size() > COLORS_SHOWN ? ", ..." : ""),
        COLOR_ADVICE);
  }

  private static String hex(int rgb) {
    return "#%06x".formatted(rgb);
  }
}
