package dev.atrous.runtime.describe;

import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.page.Svg;
import java.util.Optional;

/**
 * A box with what an operation is.
 *
 * @param detail what there is to say of it, below the title
 * @param style how it is drawn
 * @param glyph drawn on the left, if there is one
 */
record OpBox(String title, String detail, Style style, Optional<Glyph> glyph) {
  static final double HEIGHT = 40;
  private static final double GLYPH = 36;
  private static final double INSET = 9;

  /** Kinds of operations that are told apart. */
  enum Style {
    PLAIN("op-box", "op"),
    /** Of an atrous rate above 1. */
    ATROUS("op-box atrous", "rate"),
    /** Not part of inference. */
    SIDE("op-box side", "op");

    private final String box;
    private final String text;

    Style(String box, String text) {
      this.box = box;
      this.text = text;
    }
  }

  /** A small picture. */
  interface Glyph {
    /** Draws it around a point. */
    Svg draw(double centerX, double centerY, double side);
  }

  static OpBox of(String title, String detail) {
    return new OpBox(title, detail, Style.PLAIN, Optional.empty());
  }

  /** A convolution. */
  static OpBox of(String title, LayerDescription layer) {
    return of(title, filter(layer));
  }

  /** Sides and channels: {@code 3 × 3, 256}. */
  static String filter(LayerDescription layer) {
    return layer.kernel() + " × " + layer.kernel() + ", " + layer.channels();
  }

  OpBox styled(Style other) {
    return new OpBox(title, detail, other, glyph);
  }

  OpBox with(Glyph picture) {
    return new OpBox(title, detail, style, Optional.of(picture));
  }

  double width() {
    double text = Math.max(Svg.width(title, 12), Svg.width(detail, 11));
    return 2 * INSET + text + glyphWidth();
  }

  private double glyphWidth() {
    return glyph.isPresent() ? GLYPH + 2 - INSET / 2 : 0;
  }

  /** Draws it with its left side in the middle at a point; maybe wider than it needs to be. */
  Svg draw(double left, double middle, double width) {
    Svg box = Svg.group("op", Svg.box(style.box, left, middle - HEIGHT / 2, width, HEIGHT));
    glyph.ifPresent(g -> box.with(g.draw(left + INSET / 2 + GLYPH / 2 - 1, middle, GLYPH)));
    boolean centered = glyph.isEmpty();
    double x = centered ? left + width / 2 : left + INSET + glyphWidth();
    String anchor = centered ? " middle" : "";
    return box.with(
        Svg.label(style.text + anchor, x, middle - 3, title),
        Svg.label("small" + anchor, x, middle + 12, detail));
  }
}
