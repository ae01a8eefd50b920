package dev.atrous.runtime.describe;

import dev.atrous.runtime.page.Svg;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What the parts of the backbone do, in columns: units, strides, rates, maps. */
final class StageColumns {
  private static final double ROW = 22;
  private static final double LINE = 16; // between lines of a row
  private static final double LARGEST_GLYPH = 46;
  private static final double BELOW_GLYPH = 14; // to the baseline of the rate
  private static final double UNITS = 13; // from there to that of the units

  private final List<Stage> stages;
  private final double left;
  private final double column;
  private final double glyph;
  private final List<Svg> parts = new ArrayList<>();

  /**
   * @param left side of the first column; titles stand before it
   * @param column width of a column
   */
  StageColumns(List<Stage> stages, double left, double column) {
    this.stages = stages;
    this.left = left;
    this.column = column;
    int most = stages.stream().mapToInt(stage -> stage.rates().size()).max().orElse(1);
    this.glyph = Math.min(LARGEST_GLYPH, column / Math.max(1, most) - 2);
  }

  /** From the baseline of the first row to that of the last. */
  double height() {
    return 4 * ROW + 1.5 * LINE + glyph + BELOW_GLYPH + UNITS;
  }

  double center(int stage) {
    return left + (stage + 0.5) * column;
  }

  /**
   * Draws the rows.
   *
   * @param top baseline of the first
   */
  Svg draw(double top) {
    double y = top;
    row(y, "name middle", "", Stage::name);
    y += ROW;
    row(y, "cell middle", "units", stage -> stage.units() > 0 ? "" + stage.units() : "");
    y += ROW;
    row(y, "cell middle", "stride", stage -> stage.isImage() ? "" : "" + stage.stride());
    y += LINE / 2;
    rates(y);
    y += glyph + BELOW_GLYPH + UNITS + ROW;
    row(y, "cell middle", "feature map", stage -> stage.size() + " × " + stage.size());
    y += LINE;
    row(y, "cell middle", "", stage -> "× " + stage.channels());
    y += ROW;
    row(y, "cell middle", "output stride", stage -> "" + stage.outputStride());
    return Svg.group("columns", parts);
  }

  private void row(double y, String style, String title, Function<Stage, String> cell) {
    label("title", 0, y, title);
    for (int i = 0; i < stages.size(); i++) {
      label(style, center(i), y, cell.apply(stages.get(i)));
    }
  }

  private void label(String style, double x, double y, String text) {
    if (!text.isEmpty()) {
      parts.add(Svg.label(style, x, y, text));
    }
  }

  /** For each run of units, its filter on its map, its rate, and which units these are. */
  private void rates(double y) {
    double baseline = y + glyph + BELOW_GLYPH;
    label("title", 0, baseline, "atrous rate");
    boolean several = stages.stream().anyMatch(stage -> stage.rates().size() > 1);
    label("title", 0, baseline + UNITS, several ? "of units" : "");
    for (int i = 0; i < stages.size(); i++) {
      List<Stage.Run> runs = stages.get(i).rates();
      for (int j = 0; j < runs.size(); j++) {
        Stage.Run run = runs.get(j);
        double x = center(i) + (j - (runs.size() - 1) / 2.0) * (glyph + 1);
        String style = run.rate() > 1 ? "rate middle" : "cell middle";
        parts.add(
            Svg.group(
                    "run",
                    FilterGlyph.at(x, y + glyph / 2, glyph, run.rate(), run.map()),
                    Svg.label(style, x, baseline, "" + run.rate()))
                .tip(stages.get(i).name() + ", unit " + run.range() + ": rate " + run.rate()));
        label("small middle", x, baseline + UNITS, runs.size() > 1 ? run.range() : "");
      }
    }
  }
}
