package dev.atrous.runtime.describe;

import dev.atrous.runtime.ModelDescription;
import java.util.List;
import java.util.Optional;

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
        way(upper.exit(), turn, lower.middle()),
        upper.draw(),
        lower.draw());
  }

  /** From the last map around the end of the row to the beginning of the next. */
  private static Svg way(double[] exit, double turn, double middle) {
    double right = WIDTH - BEND;
    double left = BEND;
    return Svg.path(
        "arrow",
        "M",
        exit[0],
        exit[1],
        "H",
        right - BEND,
        "Q",
        right,
        exit[1],
        right,
        exit[1] + BEND,
        "V",
        turn - BEND,
        "Q",
        right,
        turn,
        right - BEND,
        turn,
        "H",
        left + BEND,
        "Q",
        left,
        turn,
        left,
        turn + BEND,
        "V",
        middle);
  }

  private static String description(ModelDescription model, List<NetworkPart> parts) {
    StringBuilder text = new StringBuilder(model.backbone());
    text.append(" at output stride ").append(model.outputStride()).append('.');
    for (NetworkPart part : parts) {
      text.append(' ').append(part.name()).append(": output ");
      text.append(Quantities.output(part.last())).append(", atrous rates ");
      text.append(
          String.join(
              ", ",
              part.units().stream().map(unit -> String.valueOf(unit.rate())).distinct().toList()));
      text.append('.');
    }
    return text.toString();
  }
}
