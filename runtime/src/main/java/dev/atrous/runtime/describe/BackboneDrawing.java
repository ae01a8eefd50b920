package dev.atrous.runtime.describe;

import dev.atrous.runtime.page.Svg;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The backbone in the manner of Figure 3 of the paper: its maps from left to right, each as high as
 * its resolution, and below them what the parts do.
 */
final class BackboneDrawing {
  private static final double TITLES = 92; // width of the titles of the rows
  private static final double MIDDLE = 66; // of the maps, below their top
  private static final double MAPS = 146; // height, with the line below
  private static final double HALVING = 12; // by how much half of the resolution is lower
  private static final double APART = 4; // from a map to an arrow
  private static final double ABOVE_MAP = 12; // room for the lines that lead backwards
  private static final double AUXILIARY = OpBox.HEIGHT + 34; // with its arrow

  private final List<Stage> stages;
  private final Optional<OpBox> auxiliary;
  private final StageColumns columns;
  private final double top;

  /**
   * @param auxiliary the second head on block3, if there is one
   * @param width of the drawing
   */
  BackboneDrawing(List<Stage> stages, Optional<NetworkPart> auxiliary, double width) {
    this.stages = stages;
    this.auxiliary = auxiliary.filter(head -> block3() >= 0).map(BackboneDrawing::box);
    this.columns = new StageColumns(stages, TITLES, (width - TITLES) / stages.size());
    this.top = this.auxiliary.isPresent() ? AUXILIARY : 0;
  }

  private int block3() {
    return stages.stream().map(Stage::name).toList().indexOf("block3");
  }

  private static OpBox box(NetworkPart head) {
    String layers = head.layers().stream().map(OpBox::filter).collect(Collectors.joining(" → "));
    return OpBox.of("auxiliary head, in training", layers).styled(OpBox.Style.SIDE);
  }

  double height() {
    return top + MAPS + columns.height();
  }

  /** Where the last map ends: its right side. */
  double right() {
    return volume(stages.size() - 1).right() + APART;
  }

  /** The middle of the maps. */
  double middle() {
    return top + MIDDLE;
  }

  Svg draw() {
    List<Svg> parts = new ArrayList<>();
    for (int i = 0; i < stages.size(); i++) {
      Volume volume = volume(i);
      parts.add(volume.draw(stages.get(i).isAtrous()));
      if (i > 0) {
        double from = volume(i - 1).right() + APART;
        parts.add(Svg.arrow(from, middle(), volume.left() - APART, middle()));
      }
    }
    auxiliary.ifPresent(
        box -> {
          double x = columns.center(block3());
          double from = middle() - volume(block3()).height() / 2 - ABOVE_MAP;
          parts.add(Svg.arrow(x, from, x, OpBox.HEIGHT + APART));
          parts.add(box.draw(x - box.width() / 2, OpBox.HEIGHT / 2 + 1, box.width()));
        });
    parts.add(columns.draw(top + MAPS));
    return Svg.group("backbone", parts);
  }

  private Volume volume(int stage) {
    Stage of = stages.get(stage);
    double halvings = Math.log((double) stages.get(0).size() / of.size()) / Math.log(2);
    double height = Math.max(HALVING, Volume.LARGEST - HALVING * halvings);
    return new Volume(columns.center(stage), middle(), height, of.channels());
  }
}
