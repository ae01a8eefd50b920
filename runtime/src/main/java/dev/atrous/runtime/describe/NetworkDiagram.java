package dev.atrous.runtime.describe;

import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.page.Svg;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A drawing of a network: the backbone, and below it the pyramid and the head. */
final class NetworkDiagram {
  private static final String AUXILIARY = "auxiliary";
  static final double WIDTH = 900;
  private static final double MARGIN = 24; // on the right, for the way from row to row
  private static final double BETWEEN = 40;
  private static final double BEND = 8;

  private NetworkDiagram() {}

  /** Draws the network of a model. */
  static Svg of(ModelDescription model) {
    List<NetworkPart> parts = NetworkPart.of(model.layers());
    List<NetworkPart> backbone = parts.stream().filter(Stage::isBackbone).toList();
    Optional<NetworkPart> auxiliary =
        parts.stream().filter(part -> part.name().equals(AUXILIARY)).findFirst();
    List<NetworkPart> behind =
        parts.stream()
            .filter(part -> !Stage.isBackbone(part) && !part.name().equals(AUXILIARY))
            .toList();
    BackboneDrawing upper =
        new BackboneDrawing(Stage.of(model, backbone), auxiliary, WIDTH - MARGIN);
    HeadDrawing lower = new HeadDrawing(model, behind, WIDTH, upper.height() + BETWEEN);
    double turn = upper.height() + BETWEEN / 2;
    return Svg.drawing(
        "network",
        WIDTH,
        upper.height() + BETWEEN + lower.height(),
        "The network of " + model.name(),
        description(model, parts),
        Svg.arrowHead(),
        way(upper, turn, lower.middle()),
        upper.draw(),
        lower.draw());
  }

  /** From the last map around the end of the row to the beginning of the next. */
  private static Svg way(BackboneDrawing upper, double turn, double end) {
    double y = upper.middle();
    double right = WIDTH - BEND;
    Object[] outwards = {"M", upper.right(), y, "H", right - BEND, "Q", right, y, right, y + BEND};
    Object[] down = {"V", turn - BEND, "Q", right, turn, right - BEND, turn};
    Object[] back = {"H", 2 * BEND, "Q", BEND, turn, BEND, turn + BEND, "V", end};
    return Svg.path("arrow", Stream.of(outwards, down, back).flatMap(Arrays::stream).toArray());
  }

  private static String description(ModelDescription model, List<NetworkPart> parts) {
    StringBuilder text = new StringBuilder(model.backbone());
    text.append(" at output stride ").append(model.outputStride()).append('.');
    for (NetworkPart part : parts) {
      text.append(' ').append(part.name()).append(": output ");
      text.append(Quantities.output(part.last())).append(", atrous rates ");
      text.append(part.rates()).append('.');
    }
    return text.toString();
  }
}
