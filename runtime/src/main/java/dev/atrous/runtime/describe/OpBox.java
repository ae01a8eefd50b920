package dev.atrous.runtime.describe;

import dev.atrous.runtime.LayerDescription;
import java.util.Optional;

/**
 * A box with what an operation is.
 *
 * @param detail what there is to say of it, below the title
 * @param glyph drawn on the left, if there is one
 */
record OpBox(String title, String detail, boolean atrous, Optional<Glyph> glyph) {
  static final double HEIGHT = 40;
  private static final double GLYPH = 36;
  private static final double INSET = 9;

  /** A small picture. */
  interface Glyph {
    /** Draws it around a point. */
    Svg draw(double centerX, double centerY, double side);
  }

  static OpBox of(String title, String detail) {
    return new OpBox(title, detail, false, Optional.empty());
  }

  /** A convolution. */
  static OpBox of(String title, LayerDescription layer) {
    String rate = layer.rate() > 1 ? ", rate " + layer.rate() : "";
    return of(title, side(layer) + rate + ", " + layer.channels());
  }

  /** {@code 3 × 3}. */
  static String side(LayerDescription layer) {
    return layer.kernel() + " × " + layer.kernel();
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
    Svg box =
        Svg.group(
            "op",
            Svg.box(atrous ? "op-box atrous" : "op-box", left, middle - HEIGHT / 2, width, HEIGHT));
    glyph.ifPresent(g -> box.with(g.draw(left + INSET / 2 + GLYPH / 2 - 1, middle, GLYPH)));
    boolean centered = glyph.isEmpty();
    double x = centered ? left + width / 2 : left + INSET + glyphWidth();
    String anchor = centered ? " middle" : "";
    return box.with(
        Svg.label((atrous ? "rate" : "op") + anchor, x, middle - 3, title),
        Svg.label("small" + anchor, x, middle + 12, detail));
  }
}
