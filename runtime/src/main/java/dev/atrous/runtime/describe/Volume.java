package dev.atrous.runtime.describe;

import dev.atrous.runtime.page.Svg;

/**
 * A feature map as a slab: its height and depth are the map's, its thickness the channels.
 *
 * @param height of the drawing of the map
 */
record Volume(double centerX, double centerY, double height, int channels) {
  /** The height of a map that is as large as the image. */
  static final double LARGEST = 116;

  private static final double DEPTH = 0.34; // of the map, as a share of its height
  private static final double RISE = 0.45; // of the lines that lead backwards

  /** Thicker by as much for each doubling. */
  private double thickness() {
    return 2 + 1.8 * Math.log(channels) / Math.log(2);
  }

  private double depth() {
    return DEPTH * height;
  }

  double left() {
    return centerX - (thickness() + depth()) / 2;
  }

  double right() {
    return centerX + (thickness() + depth()) / 2;
  }

  Svg draw(boolean atrous) {
    double rise = RISE * depth();
    double front = left() + thickness();
    double top = centerY - height / 2 + rise / 2;
    double bottom = centerY + height / 2 + rise / 2;
    return Svg.group(
        atrous ? "volume atrous" : "volume",
        Svg.path("face front", "M", left(), top, "H", front, "V", bottom, "H", left(), "Z"),
        Svg.path(
            "face top",
            "M",
            left(),
            top,
            "L",
            left() + depth(),
            top - rise,
            "H",
            right(),
            "L",
            front,
            top,
            "Z"),
        Svg.path(
            "face map",
            "M",
            front,
            top,
            "L",
            right(),
            top - rise,
            "V",
            bottom - rise,
            "L",
            front,
            bottom,
            "Z"));
  }
}
