package dev.atrous.runtime.describe;

import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.page.Svg;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is behind the backbone: the pyramid, the class scores, and their way to the image's size.
 */
final class HeadDrawing {
  private static final double START = 8;
  private static final double INTO_PYRAMID = 26; // from the start
  private static final double OUTPUT = 104; // width of the last map with its text
  private static final double BELOW = 26; // from the last map to its text
  private static final double WIDEST_GAP = 48;
  private static final double NARROWEST_GAP = 18;

  private final ModelDescription model;
  private final Optional<PyramidDrawing> pyramid;
  private final List<OpBox> chain = new ArrayList<>();
  private final double gap;
  private final double top;

  /**
   * @param parts those behind the backbone
   * @param width of the drawing
   * @param top of this part of it
   */
  HeadDrawing(ModelDescription model, List<NetworkPart> parts, double width, double top) {
    this.model = model;
    this.pyramid =
        parts.stream().filter(PyramidDrawing::isPyramid).findFirst().map(PyramidDrawing::new);
    parts.stream()
        .filter(part -> !PyramidDrawing.isPyramid(part))
        .flatMap(part -> part.layers().stream())
        .forEach(layer -> chain.add(box(layer)));
    chain.add(OpBox.of("interpolation", "to " + model.crop() + " × " + model.crop()));
    this.gap = gap(width);
    this.top = top;
  }

  private static OpBox box(LayerDescription layer) {
    return OpBox.of(LayerName.of(layer).layer(), layer);
  }

  /** What is left of the width, between the boxes. */
  private double gap(double width) {
    double fixed = start() + OUTPUT + chain.stream().mapToDouble(OpBox::width).sum();
    int gaps = chain.size() + 1;
    if (pyramid.isPresent()) {
      fixed += pyramid.get().width(0);
      gaps += pyramid.get().gaps();
    }
    return Math.max(NARROWEST_GAP, Math.min(WIDEST_GAP, (width - fixed) / gaps));
  }

  private double start() {
    return pyramid.isPresent() ? START + INTO_PYRAMID : START;
  }

  double height() {
    return Math.max(mapHeight(), pyramid.map(PyramidDrawing::height).orElse(0.0));
  }

  /** Of the last map with its text; it stands in the middle. */
  private static double mapHeight() {
    return Volume.LARGEST + 2 * BELOW;
  }

  /** Where the last map of the backbone comes in, from the left. */
  double middle() {
    return top + Math.max(mapHeight() / 2, pyramid.map(PyramidDrawing::middle).orElse(0.0));
  }

  Svg draw() {
    List<Svg> parts = new ArrayList<>();
    double y = middle();
    double x = start();
    if (pyramid.isPresent()) {
      PyramidDrawing aspp = pyramid.get();
      parts.add(Svg.line("arrow", START, y, x, y));
      parts.add(aspp.draw(x, y - aspp.middle(), gap));
      x += aspp.width(gap);
    }
    for (OpBox box : chain) {
      parts.add(Svg.arrow(x, y, x + gap, y));
      parts.add(box.draw(x + gap, y, box.width()));
      x += gap + box.width();
    }
    Volume scores = new Volume(x + gap + OUTPUT / 2, y, Volume.LARGEST, model.classes());
    parts.add(Svg.arrow(x, y, scores.left() - 4, y));
    parts.add(scores.draw(false));
    String size = model.crop() + " × " + model.crop() + " × " + model.classes();
    parts.add(Svg.label("cell middle", scores.centerX(), y + Volume.LARGEST / 2 + BELOW, size));
    return Svg.group("head", parts);
  }
}
