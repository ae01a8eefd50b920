package dev.atrous.runtime.data;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which colour means what, in words; on a machine without fonts the words are missing. */
public final class Legend {
  static final int GAP = 8;
  static final int LINE = 20;

  private static final Logger log = LoggerFactory.getLogger(Legend.class);
  private static final int SWATCH = 12;
  private static final int ENTRIES = 32; // of a column
  private static final Color INK = new Color(0x303030);
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

  private Legend() {}

  /**
   * Writes a PNG of the colours of all classes. The folder is made if need be, and the file appears
   * complete or not at all.
   *
   * @param classes number of classes
   * @param names of classes
   * @throws dev.atrous.runtime.AtrousException if the file can't be written; the message names it
   */
  public static void write(Path file, ClassColors colors, int classes, IntFunction<String> names) {
    int column = SWATCH + 3 * GAP;
    for (int label = 0; label < classes; label++) {
      column = Math.max(column, SWATCH + 3 * GAP + width(names.apply(label)));
    }
    int rows = Math.min(classes, ENTRIES);
    int columns = (classes + ENTRIES - 1) / ENTRIES;
    int width = GAP + columns * column;
    int height = 2 * GAP + rows * LINE;
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    clear(graphics, width, height);
    for (int label = 0; label < classes; label++) {
      int left = GAP + label / ENTRIES * column;
      int top = GAP + label % ENTRIES * LINE;
      entry(graphics, left, top, colors.rgb(label), names.apply(label));
    }
    graphics.dispose();
    new Image(width, height, new Samples(file, picture).rgb(8)).write(file);
  }

  private static int width(String text) {
    try {
      FontRenderContext context = new FontRenderContext(null, true, false);
      return (int) Math.ceil(FONT.getStringBounds(text, context).getWidth());
    } catch (RuntimeException | LinkageError | InternalError e) { // of a JDK that finds no fonts
      return 0;
    }
  }

  /** A white ground to draw on. */
  static void clear(Graphics2D graphics, int width, int height) {
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
  }

  /** A colour and what it means, in the line that begins at {@code top}. */
  static void entry(Graphics2D graphics, int left, int top, int color, String name) {
    graphics.setColor(new Color(color));
    graphics.fillRect(left, top + (LINE - SWATCH) / 2, SWATCH, SWATCH);
    text(graphics, name, left + SWATCH + GAP, top);
  }

  /** Writes into the line that begins at {@code top}. */
  static void text(Graphics2D graphics, String text, int left, int top) {
    graphics.setColor(INK);
    graphics.setFont(FONT);
    try {
      graphics.drawString(text, left, top + LINE - 6);
    } catch (RuntimeException | LinkageError | InternalError e) { // of a JDK that finds no fonts
      log.debug("no text in the picture", e);
    }
  }
}
