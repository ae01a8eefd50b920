package dev.atrous.runtime.describe;

import dev.atrous.runtime.model.ValidWeights;
import dev.atrous.runtime.page.Svg;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Figure 4 of the paper for a map of a model: the share of its positions at which 9, 4 and 1
 * weights of a 3x3 filter are valid, over the atrous rate, with the rates of the model.
 */
final class ValidWeightsChart {
  private static final double WIDTH = NetworkDiagram.WIDTH;
  private static final double LEFT = 62;
  private static final double RIGHT = 24; // at least
  private static final double FLAG = 4; // from a line to its name
  private static final double PLOT = 230; // height
  private static final double LANE = 17; // height of a line of names
  private static final double BELOW = 46;
  private static final double TYPE = 12;
  private static final int TICKS = 11; // at most
  private static final int[] STEPS = {1, 2, 5, 10, 20, 50, 100, 200, 500}; // from tick to tick

  private final AtrousMap map;
  private final int size;
  private final double plot;
  private final double top;
  private final int[] lanes;
  private final List<Svg> parts = new ArrayList<>();

  /** A curve: its style, and the value at a rate. */
  private record Curve(String style, int weights) {}

  private static final List<Curve> CURVES =
      List.of(new Curve("nine", 9), new Curve("four", 4), new Curve("one", 1));

  private ValidWeightsChart(AtrousMap map) {
    this.map = map;
    this.size = Math.max(map.height(), map.width());
    this.plot = plotWidth();
    this.lanes = lanes();
    int most = Arrays.stream(lanes).max().orElse(0);
    this.top = 8 + (most + 1) * LANE;
  }

  /** Draws the chart of a map. */
  static Svg of(AtrousMap map) {
    return new ValidWeightsChart(map).draw();
  }

  private Svg draw() {
    axes();
    for (Curve curve : CURVES) {
      parts.add(curve(curve));
    }
    for (int i = 0; i < map.rates().size(); i++) {
      mark(map.rates().get(i), lanes[i]);
    }
    String name = map.height() + " × " + map.width();
    return Svg.drawing(
        "valid-" + map.height() + "-" + map.width(),
        WIDTH,
        top + PLOT + BELOW,
        "Valid weights of a 3 × 3 filter on a map of " + name,
        "Share of the positions at which 9, 4 and 1 weights are valid, for atrous rates from 1 to "
            + size
            + ". The values at the rates of the model are in the table below.",
        Svg.group("chart", parts));
  }

  private double x(double rate) {
    return LEFT + share(rate) * plot;
  }

  private double share(double rate) {
    return (Math.min(rate, size) - 1) / Math.max(1, size - 1);
  }

  /** As wide as there is room for, with the names of the last rates on the right. */
  private double plotWidth() {
    double width = WIDTH - LEFT - RIGHT;
    for (AtrousMap.Rate rate : map.rates()) {
      width = Math.min(width, (WIDTH - LEFT - nameWidth(rate)) / share(rate.rate()));
    }
    return width;
  }

  private double nameWidth(AtrousMap.Rate rate) {
    return 2 * FLAG + Svg.width(name(rate), TYPE);
  }

  private double y(double share) {
    return top + (1 - share) * PLOT;
  }

  private void axes() {
    for (int percent = 0; percent <= 100; percent += 25) {
      double y = y(percent / 100.0);
      parts.add(Svg.line(percent == 0 ? "axis" : "grid", x(1), y, x(size), y));
      parts.add(Svg.label("cell end", x(1) - 8, y + 4, percent + "%"));
    }
    for (int rate : ticks()) {
      parts.add(Svg.line("axis", x(rate), y(0), x(rate), y(0) + 5));
      parts.add(Svg.label("cell middle", x(rate), y(0) + 19, String.valueOf(rate)));
    }
    parts.add(Svg.label("title middle", (x(1) + x(size)) / 2, y(0) + 38, "atrous rate"));
    double middle = y(0.5);
    parts.add(Svg.label("title middle", 14, middle, "share of positions").turned(14, middle));
  }

  /** 1, the size of the map, and round numbers between them. */
  private List<Integer> ticks() {
    int step = IntStream.of(STEPS).filter(s -> size / s < TICKS).findFirst().orElse(size);
    List<Integer> ticks = new ArrayList<>(List.of(1));
    for (int rate = step; rate < size; rate += step) {
      if (rate > step / 2 + 1 && size - rate > step / 2) {
        ticks.add(rate);
      }
    }
    if (size > 1) {
      ticks.add(size);
    }
    return ticks;
  }

  private Svg curve(Curve curve) {
    List<Object> points = new ArrayList<>();
    for (int rate = 1; rate <= size; rate++) {
      points.add(rate == 1 ? "M" : "L");
      points.add(x(rate));
      points.add(y(map.validWeights(rate).positions(curve.weights())));
    }
    return Svg.path("curve " + curve.style(), points.toArray());
  }

  /**
   * How high the name of each rate stands. A name runs to the right of the line of its rate, so it
   * stands above those whose lines it would cross.
   */
  private int[] lanes() {
    List<AtrousMap.Rate> rates = map.rates();
    int[] heights = new int[rates.size()];
    for (int i = rates.size() - 1; i >= 0; i--) {
      double end = x(rates.get(i).rate()) + nameWidth(rates.get(i));
      for (int j = i + 1; j < rates.size() && x(rates.get(j).rate()) < end; j++) {
        heights[i] = Math.max(heights[i], heights[j] + 1);
      }
    }
    return heights;
  }

  private String name(AtrousMap.Rate rate) {
    return rate.rate() + " " + rate.parts() + (rate.rate() > size ? " →" : "");
  }

  private void mark(AtrousMap.Rate rate, int lane) {
    double x = x(rate.rate());
    double height = top - 6 - lane * LANE;
    Svg mark = Svg.group("mark", Svg.line("mark-line", x, y(0), x, height - 10));
    ValidWeights valid = map.validWeights(rate.rate());
    for (Curve curve : CURVES) {
      mark.with(Svg.dot("point " + curve.style(), x, y(valid.positions(curve.weights())), 3.5));
    }
    mark.with(Svg.label("op", x + FLAG, height, name(rate)));
    parts.add(mark.tip("rate " + rate.rate() + ": " + rate.units()));
  }
}
