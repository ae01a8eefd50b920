package dev.atrous.runtime.describe;

import dev.atrous.runtime.LayerDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The backbone in the manner of Figure 3 of the paper: its maps from left to right, each as high as
 * its resolution, and below them what the parts do, in columns.
 */
final class BackboneDrawing {
  private static final double TITLES = 92; // width of the titles of the rows
  private static final double AUXILIARY = 74; // height of the second head
  private static final double MIDDLE = 66; // of the maps, below their top
  private static final double HALVING = 12; // by how much half of the resolution is lower
  private static final double MAPS = 146; // height of what the maps need
  private static final double ROW = 22;
  private static final double LARGEST_GLYPH = 46;

  private final List<Stage> stages;
  private final Optional<NetworkPart> auxiliary;
  private final double top;
  private final double column;
  private final List<Svg> parts = new ArrayList<>();

  /**
   * @param auxiliary the second head on block3, if there is one
   * @param width of the drawing
   */
  BackboneDrawing(List<Stage> stages, Optional<NetworkPart> auxiliary, double width) {
    this.stages = stages;
    this.auxiliary = auxiliary;
    this.top = auxiliary.isPresent() ? AUXILIARY : 0;
    this.column = (width - TITLES) / stages.size();
  }

  double height() {
    return top + MAPS + 5 * ROW + glyph() + 28;
  }

  /** Where the last map ends: its right side, in the middle. */
  double[] exit() {
    Volume last = volume(stages.size() - 1);
    return new double[] {last.right() + 4, top + MIDDLE};
  }

  Svg draw() {
    for (int i = 0; i < stages.size(); i++) {
      Volume volume = volume(i);
      parts.add(volume.draw(stages.get(i).rates().stream().anyMatch(run -> run.rate() > 1)));
      if (i > 0) {
        double from = volume(i - 1).right() + 4;
        parts.add(Svg.arrow(from, top + MIDDLE, volume.left() - 4, top + MIDDLE));
      }
    }
    auxiliary.ifPresent(this::drawAuxiliary);
    drawColumns();
    return Svg.group("backbone", parts);
  }

  private double center(int stage) {
    return TITLES + (stage + 0.5) * column;
  }

  private Volume volume(int stage) {
    Stage of = stages.get(stage);
    double halvings = Math.log((double) stages.get(0).size() / of.size()) / Math.log(2);
    double height = Math.max(HALVING, Volume.LARGEST - HALVING * halvings);
    return new Volume(center(stage), top + MIDDLE, height, of.channels());
  }

  private double glyph() {
    long most = stages.stream().mapToLong(stage -> stage.rates().size()).max().orElse(1);
    return Math.min(LARGEST_GLYPH, column / Math.max(1, most) - 2);
  }

  /** Rows of text below the maps: what there is to say of each part. */
  private void drawColumns() {
    double y = top + MAPS;
    for (int i = 0; i < stages.size(); i++) {
      parts.add(Svg.label("name middle", center(i), y, stages.get(i).name()));
    }
    y += ROW;
    row(
        y,
        "units",
        stages.stream().map(stage -> stage.units() > 0 ? "" + stage.units() : "").toList());
    y += ROW;
    row(
        y,
        "stride",
        stages.stream().map(s -> s.size() == stages.get(0).size() ? "" : "" + s.stride()).toList());
    y += ROW - 12;
    drawRates(y);
    y += glyph() + 28 + ROW;
    row(
        y,
        "feature map",
        stages.stream().map(stage -> stage.size() + " × " + stage.size()).toList());
    y += ROW - 6;
    row(y, "", stages.stream().map(stage -> "× " + stage.channels()).toList());
    y += ROW;
    row(y, "output stride", stages.stream().map(stage -> "" + stage.outputStride()).toList());
  }

  private void row(double y, String title, List<String> cells) {
    parts.add(Svg.label("title", 0, y, title));
    for (int i = 0; i < cells.size(); i++) {
      if (!cells.get(i).isEmpty()) {
        parts.add(Svg.label("cell middle", center(i), y, cells.get(i)));
      }
    }
  }

  private void drawRates(double y) {
    double glyph = glyph();
    parts.add(Svg.label("title", 0, y + glyph + 14, "atrous rate"));
    if (stages.stream().anyMatch(stage -> stage.rates().size() > 1)) {
      parts.add(Svg.label("title", 0, y + glyph + 27, "of units"));
    }
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
                    Svg.label(style, x, y + glyph + 14, "" + run.rate()),
                    Svg.label(
                        "small middle", x, y + glyph + 27, runs.size() > 1 ? run.range() : ""))
                .tip(stages.get(i).name() + ", unit " + run.range() + ": rate " + run.rate()));
      }
    }
  }

  private void drawAuxiliary(NetworkPart head) {
    int block3 = stages.stream().map(Stage::name).toList().indexOf("block3");
    if (block3 < 0) {
      return;
    }
    String layers =
        head.layers().stream().map(BackboneDrawing::filter).collect(Collectors.joining(" → "));
    double width =
        Math.max(Svg.width("auxiliary head, in training", 12), Svg.width(layers, 11)) + 20;
    double x = center(block3);
    parts.add(Svg.arrow(x, top + MIDDLE - volume(block3).height() / 2 - 12, x, 46));
    parts.add(Svg.box("side", x - width / 2, 2, width, 42));
    parts.add(Svg.label("op middle", x, 19, "auxiliary head, in training"));
    parts.add(Svg.label("small middle", x, 35, layers));
  }

  /** {@code 3 × 3 × 256}: sides and channels. */
  private static String filter(LayerDescription layer) {
    return layer.kernel() + " × " + layer.kernel() + " × " + layer.channels();
  }
}
