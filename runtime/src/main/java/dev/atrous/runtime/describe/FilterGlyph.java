package dev.atrous.runtime.describe;

import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.page.Svg;
import java.util.ArrayList;
import java.util.List;

/**
 * A filter in the middle of its map: the map as a square, the taps as dots at the distance that the
 * rate puts between them, hollow where they are outside of the map. To scale, as far as taps can be
 * told apart and stay in the picture.
 */
final class FilterGlyph {
  private static final double MAP = 0.66; // side of the map, as a share of the picture's
  private static final double DOT = 1.1;
  private static final double APART = 2 * DOT + 0.4;

  private FilterGlyph() {}

  /**
   * A filter of three taps along an axis.
   *
   * @param side of the picture
   * @param rate at least 1
   * @param map positions along an axis of the map
   */
  static Svg at(double centerX, double centerY, double side, int rate, int map) {
    boolean outside = 2 * rate >= map; // the middle is at (map - 1) / 2
    double square = MAP * side;
    double distance = Math.max(rate * square / map, outside ? square / 2 + 2 * DOT : APART);
    double apart = Math.min(distance, side / 2 - 2 * DOT);
    List<Svg> taps = new ArrayList<>();
    for (int row = -1; row <= 1; row++) {
      for (int column = -1; column <= 1; column++) {
        boolean valid = !outside || (row == 0 && column == 0);
        double x = centerX + column * apart;
        double y = centerY + row * apart;
        taps.add(Svg.dot(valid ? "tap" : "tap outside", x, y, DOT));
      }
    }
    Svg frame = Svg.square("field", centerX, centerY, square);
    return Svg.group(rate > 1 ? "filter atrous" : "filter", frame).with(taps);
  }

  /** The filter of a layer; of one tap if it is pointwise. */
  static OpBox.Glyph of(LayerDescription layer) {
    return layer.kernel() > 1
        ? (x, y, side) -> at(x, y, side, layer.rate(), layer.inputHeight())
        : FilterGlyph::point;
  }

  private static Svg point(double centerX, double centerY, double side) {
    return Svg.group(
        "filter",
        Svg.square("field", centerX, centerY, MAP * side),
        Svg.dot("tap", centerX, centerY, DOT));
  }

  /** The whole map, as its mean sees it. */
  static Svg whole(double centerX, double centerY, double side) {
    return Svg.group("filter", Svg.square("field whole", centerX, centerY, MAP * side));
  }
}
