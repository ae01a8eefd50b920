package dev.atrous.runtime.report;

import dev.atrous.runtime.log.TrainingCurves;
import dev.atrous.runtime.page.Svg;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Loss, mean IoU and learning rate over the steps of a training, one below the other. Of many rows
 * the means of neighbours are drawn, with a band from the least to the largest of them.
 */
final class CurvesChart {
  private static final double WIDTH = 1056;
  private static final double LEFT = 72;
  private static final double RIGHT = 20;
  private static final double HEAD = 40; // above a panel
  private static final double FOOT = 46;
  private static final int MOST_POINTS = 500;
  private static final double DOT = 3;

  /** A value at a step, and between what values it is the mean. */
  record Point(double step, double value, double least, double most) {
    static Point of(long step, double value) {
      return new Point(step, value, value, value);
    }
  }

  private final Scale steps;
  private final List<Svg> parts = new ArrayList<>();
  private double panelTop;
  private double panelBottom;
  private Scale panelScale = new Scale(1, 1);

  private CurvesChart(double lastStep) {
    Scale scale = Scale.upTo(lastStep, 10);
    steps = scale.step() < 1 ? new Scale(Math.ceil(lastStep), 1) : scale;
  }

  /** Whether neighbours are drawn as their means. */
  static boolean isThinned(TrainingCurves curves) {
    return curves.rows().size() > MOST_POINTS;
  }

  /**
   * Draws the curves.
   *
   * @param curves of at least one row or validation
   */
  static Svg of(TrainingCurves curves) {
    double last =
        DoubleStream.concat(
                curves.rows().stream().mapToDouble(TrainingCurves.Row::step),
                curves.validations().stream().mapToDouble(TrainingCurves.Validation::step))
            .max()
            .orElse(1);
    CurvesChart chart = new CurvesChart(last);
    List<Point> loss = points(curves.rows(), TrainingCurves.Row::loss);
    List<Point> validationLoss = validation(curves.validations(), TrainingCurves.Validation::loss);
    chart.panel("loss", 230, Scale.upTo(most(loss, validationLoss), 5), Scale::text);
    chart.curve("one", loss);
    chart.marks("two", validationLoss);
    List<Point> miou = validation(curves.validations(), v -> 100 * v.miou());
    if (!miou.isEmpty()) {
      chart.panel(
          "mean IoU of the validation", 150, new Scale(100, 25), tick -> Scale.text(tick) + "%");
      chart.marks("two", miou);
    }
    List<Point> rate = points(curves.rows(), TrainingCurves.Row::learningRate);
    if (!rate.isEmpty()) {
      chart.panel("learning rate", 90, Scale.upTo(most(rate, List.of()), 2), Scale::text);
      chart.curve("three", rate);
    }
    chart.steps();
    return Svg.drawing(
        "curves",
        WIDTH,
        chart.panelBottom + FOOT,
        "Curves of the training",
        "Loss, mean IoU of the validation and learning rate over the steps of the training.",
        Svg.group("chart", chart.parts));
  }

  private static double most(List<Point> one, List<Point> other) {
    return DoubleStream.concat(
            one.stream().mapToDouble(Point::value), other.stream().mapToDouble(Point::value))
        .max()
        .orElse(0);
  }

  private static List<Point> validation(
      List<TrainingCurves.Validation> validations,
      ToDoubleFunction<TrainingCurves.Validation> value) {
    return validations.stream()
        .map(validation -> Point.of(validation.step(), value.applyAsDouble(validation)))
        .filter(point -> Double.isFinite(point.value()))
        .toList();
  }

  /** Not more than can be told apart; values that are no numbers are left out. */
  static List<Point> points(
      List<TrainingCurves.Row> rows, ToDoubleFunction<TrainingCurves.Row> value) {
    List<Point> points = new ArrayList<>();
    int count = Math.min(rows.size(), MOST_POINTS);
    for (int i = 0; i < count; i++) {
      List<TrainingCurves.Row> some =
          rows.subList(
              (int) ((long) i * rows.size() / count), (int) ((long) (i + 1) * rows.size() / count));
      double[] values = some.stream().mapToDouble(value).filter(Double::isFinite).toArray();
      if (values.length > 0) {
        points.add(
            new Point(
                some.stream().mapToDouble(TrainingCurves.Row::step).average().orElseThrow(),
                DoubleStream.of(values).average().orElseThrow(),
                DoubleStream.of(values).min().orElseThrow(),
                DoubleStream.of(values).max().orElseThrow()));
      }
    }
    return points;
  }

  private void panel(String title, double height, Scale scale, DoubleFunction<String> text) {
    panelTop = panelBottom + HEAD;
    panelBottom = panelTop + height;
    panelScale = scale;
    parts.add(Svg.label("name", LEFT, panelTop - 10, title));
    for (double tick : scale.ticks()) {
      double y = y(tick);
      parts.add(Svg.line(tick == 0 ? "axis" : "grid", LEFT, y, WIDTH - RIGHT, y));
      parts.add(Svg.label("cell end", LEFT - 8, y + 4, text.apply(tick)));
    }
  }

  private double x(double step) {
    return LEFT + step / steps.end() * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    double share = Math.min(value / panelScale.end(), 1); // of a band, what is beyond is cut off
    return panelTop + (1 - share) * (panelBottom - panelTop);
  }

  private void curve(String style, List<Point> points) {
    List<Object> line = new ArrayList<>();
    List<Object> band = new ArrayList<>();
    for (Point point : points) {
      add(line, x(point.step()), y(point.value()));
      add(band, x(point.step()), y(point.most()));
    }
    for (int i = points.size() - 1; i >= 0; i--) {
      add(band, x(points.get(i).step()), y(points.get(i).least()));
    }
    if (points.stream().anyMatch(point -> point.least() < point.most())) {
      band.add("Z");
      parts.add(Svg.path("band " + style, band.toArray()));
    }
    if (points.size() > 1) {
      parts.add(Svg.path("curve " + style, line.toArray()));
    } else {
      marks(style, points);
    }
  }

  private void marks(String style, List<Point> points) {
    List<Object> line = new ArrayList<>();
    points.forEach(point -> add(line, x(point.step()), y(point.value())));
    if (points.size() > 1) {
      parts.add(Svg.path("curve " + style, line.toArray()));
    }
    if (points.size() <= MOST_POINTS / 5) {
      for (Point point : points) {
        parts.add(
            Svg.dot("point " + style, x(point.step()), y(point.value()), DOT)
                .tip("step " + Scale.text(point.step()) + ": " + Scale.text(point.value())));
      }
    }
  }

  private static void add(List<Object> path, double x, double y) {
    path.add(path.isEmpty() ? "M" : "L");
    path.add(x);
    path.add(y);
  }

  private void steps() {
    for (double tick : steps.ticks()) {
      parts.add(Svg.line("axis", x(tick), panelBottom, x(tick), panelBottom + 5));
      parts.add(Svg.label("cell middle", x(tick), panelBottom + 19, Scale.text(tick)));
    }
    parts.add(Svg.label("title middle", (LEFT + WIDTH - RIGHT) / 2, panelBottom + 38, "step"));
  }
}
