package dev.atrous.runtime.data;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Images and their labels side by side in one picture, to look at a model's work: a row for each
 * image, with its name above, and a legend of the colours at the bottom.
 *
 * <pre>{@code
 * ContactSheet sheet = new ContactSheet(ClassColors.VOC, "image", "truth", "prediction");
 * sheet.add("2007_000033", image, truth, prediction);
 * sheet.write(Path.of("sheet.png"), label -> NAMES.get(label));
 * }</pre>
 *
 * <p>On a machine without fonts the words are missing.
 */
public final class ContactSheet {
  private static final int CELL = 256; // the longer side of a picture
  private static final int GAP = Legend.GAP;
  private static final int LINE = Legend.LINE;

  private record Row(String title, List<BufferedImage> cells) {
    int height() {
      return cells.stream().mapToInt(BufferedImage::getHeight).max().orElse(0);
    }
  }

  private final ClassColors colors;
  private final List<String> columns;
  private final List<Row> rows = new ArrayList<>();
  private final TreeSet<Integer> labels = new TreeSet<>();

  /**
   * An empty sheet.
   *
   * @param colors of the labels
   * @param columns what the image and each map of labels are
   */
  public ContactSheet(ClassColors colors, String... columns) {
    this.colors = colors;
    this.columns = List.of(columns);
  }

  /**
   * Adds a row. The pictures are made smaller or larger to one size, and not kept.
   *
   * @param title stands above the row
   * @param image for the first column
   * @param maps for the other columns
   * @throws IllegalArgumentException if that is not a picture for each column
   */
  public void add(String title, Image image, LabelMap... maps) {
    if (maps.length != columns.size() - 1) {
      throw new IllegalArgumentException(maps.length + " maps for the columns " + columns);
    }
    List<BufferedImage> cells = new ArrayList<>();
    cells.add(scaled(picture(image), RenderingHints.VALUE_INTERPOLATION_BILINEAR));
    for (LabelMap map : maps) {
      cells.add(
          scaled(
              picture(colors.picture(map)), RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR));
      for (byte label : map.labels()) {
        labels.add(Byte.toUnsignedInt(label));
      }
    }
    rows.add(new Row(title, cells));
  }

  private static BufferedImage picture(Image image) {
    BufferedImage picture =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_3BYTE_BGR);
    picture
        .getRaster()
        .setDataElements(0, 0, image.width(), image.height(), image.inColors().values());
    return picture;
  }

  private static BufferedImage scaled(BufferedImage picture, Object interpolation) {
    double scale = (double) CELL / Math.max(picture.getWidth(), picture.getHeight());
    int width = Math.max(1, (int) Math.round(scale * picture.getWidth()));
    int height = Math.max(1, (int) Math.round(scale * picture.getHeight()));
    BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = scaled.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, interpolation);
    graphics.drawImage(picture, 0, 0, width, height, null);
    graphics.dispose();
    return scaled;
  }

  /**
   * Writes the sheet as a PNG. The folder is made if need be, and the file appears complete or not
   * at all.
   *
   * @param names of the labels in the legend; 255 is "void"
   * @throws dev.atrous.runtime.AtrousException if the file can't be written; the message names it
   */
  public void write(Path file, IntFunction<String> names) {
    BufferedImage sheet = draw(names);
    byte[] rgb = new Samples(file, sheet).rgb(8);
    new Image(sheet.getWidth(), sheet.getHeight(), rgb).write(file);
  }

  private BufferedImage draw(IntFunction<String> names) {
    int width = GAP + columns.size() * (CELL + GAP);
    int perLine = columns.size() * 2;
    int legendLines = (labels.size() + perLine - 1) / perLine;
    int height = GAP + LINE * (1 + legendLines) + GAP;
    height += rows.stream().mapToInt(row -> LINE + row.height() + GAP).sum();
    BufferedImage sheet = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    Legend.clear(graphics, width, height);
    IntStream.range(0, columns.size())
        .forEach(i -> Legend.text(graphics, columns.get(i), column(i), GAP));
    int y = GAP + LINE;
    for (Row row : rows) {
      Legend.text(graphics, row.title(), GAP, y);
      y += LINE;
      for (int i = 0; i < row.cells().size(); i++) {
        graphics.drawImage(row.cells().get(i), column(i), y, null);
      }
      y += row.height() + GAP;
    }
    int at = 0;
    for (int label : labels) {
      int left = GAP + at % perLine * (width / perLine);
      Legend.entry(graphics, left, y + at / perLine * LINE, colors.rgb(label), name(label, names));
      at++;
    }
    graphics.dispose();
    return sheet;
  }

  private static String name(int label, IntFunction<String> names) {
    return label == LabelMap.VOID ? "void" : names.apply(label);
  }

  private static int column(int i) {
    return GAP + i * (CELL + GAP);
  }
}
