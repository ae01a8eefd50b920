package dev.atrous.runtime.describe;

import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.page.Svg;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Atrous spatial pyramid pooling in the manner of Figure 5 of the paper: the branches one below the
 * other, and what joins them.
 */
final class PyramidDrawing {
  private static final String NAME = "aspp";
  private static final String PROJECTION = "projection";
  private static final String POOLING = "imagePooling";

  private static final double TITLE = 32; // height
  private static final double BRANCH = 50; // from branch to branch
  private static final double JOIN = 24; // width of the box that branches end in
  private static final double INSET = 16; // of the frame

  private final List<List<OpBox>> branches = new ArrayList<>();
  private final List<Double> columns = new ArrayList<>(); // width of each box of a branch
  private final List<OpBox> projection = new ArrayList<>();

  PyramidDrawing(NetworkPart pyramid) {
    for (NetworkUnit unit : pyramid.units()) {
      if (unit.name().equals(PROJECTION)) {
        unit.layers().forEach(layer -> projection.add(OpBox.of(PROJECTION, layer)));
      } else {
        branches.add(branch(unit));
      }
    }
    for (List<OpBox> branch : branches) {
      for (int i = 0; i < branch.size(); i++) {
        columns.addAll(Collections.nCopies(Math.max(0, i + 1 - columns.size()), 0.0));
        columns.set(i, Math.max(columns.get(i), branch.get(i).width()));
      }
    }
  }

  static boolean isPyramid(NetworkPart part) {
    return part.name().equals(NAME);
  }

  private static List<OpBox> branch(NetworkUnit unit) {
    List<OpBox> boxes = new ArrayList<>();
    boxes.add(first(unit));
    for (LayerDescription layer : unit.layers().subList(1, unit.layers().size())) {
      boxes.add(OpBox.of(LayerName.of(layer).layer(), layer));
    }
    return boxes;
  }

  private static OpBox first(NetworkUnit unit) {
    LayerDescription layer = unit.layers().get(0);
    String filter = OpBox.filter(layer);
    if (unit.name().equals(POOLING)) {
      return OpBox.of("image pooling", "mean, " + filter).with(FilterGlyph::whole);
    }
    String title = layer.kernel() > 1 ? "rate " + layer.rate() : "pointwise";
    return OpBox.of(title, filter)
        .styled(layer.rate() > 1 ? OpBox.Style.ATROUS : OpBox.Style.PLAIN)
        .with(FilterGlyph.of(layer));
  }

  double height() {
    return TITLE + branches.size() * BRANCH + INSET / 2;
  }

  /** Where the map comes in and goes out, below the top. */
  double middle() {
    return TITLE + branches.size() * BRANCH / 2;
  }

  /** How many gaps there are between its boxes. */
  int gaps() {
    return 1 + columns.size() + projection.size();
  }

  double width(double gap) {
    double boxes = columns.stream().mapToDouble(Double::doubleValue).sum();
    double projected = projection.stream().mapToDouble(OpBox::width).sum();
    return 2 * INSET + boxes + JOIN + projected + gaps() * gap;
  }

  Svg draw(double left, double top, double gap) {
    List<Svg> parts = new ArrayList<>();
    parts.add(Svg.box("frame", left, top, width(gap), height()));
    parts.add(
        Svg.label("title", left + INSET, top + 20, NAME + ": atrous spatial pyramid pooling"));
    double trunk = left + INSET;
    double middle = top + middle();
    double first = top + TITLE + BRANCH / 2;
    double last = first + (branches.size() - 1) * BRANCH;
    parts.add(Svg.line("arrow", left, middle, trunk, middle));
    parts.add(Svg.line("arrow", trunk, first, trunk, last));
    double join = left + INSET + columns.stream().mapToDouble(c -> c + gap).sum() + gap;
    for (int i = 0; i < branches.size(); i++) {
      drawBranch(parts, branches.get(i), trunk, join, first + i * BRANCH, gap);
    }
    parts.add(join(join, first - OpBox.HEIGHT / 2, last + OpBox.HEIGHT / 2));
    double x = join + JOIN;
    for (OpBox box : projection) {
      parts.add(Svg.arrow(x, middle, x + gap, middle));
      parts.add(box.draw(x + gap, middle, box.width()));
      x += gap + box.width();
    }
    parts.add(Svg.line("arrow", x, middle, left + width(gap), middle));
    return Svg.group("pyramid", parts);
  }

  private void drawBranch(
      List<Svg> parts, List<OpBox> branch, double trunk, double join, double y, double gap) {
    double x = trunk;
    for (int i = 0; i < branch.size(); i++) {
      parts.add(Svg.arrow(x, y, x + gap, y));
      parts.add(branch.get(i).draw(x + gap, y, columns.get(i)));
      x += gap + columns.get(i);
    }
    parts.add(Svg.arrow(x, y, join, y));
  }

  /** The box that the branches end in, with what happens there from below to above. */
  private Svg join(double left, double top, double bottom) {
    double x = left + JOIN / 2;
    double y = (top + bottom) / 2;
    String name = projection.isEmpty() ? "sum" : "concatenation";
    return Svg.group(
        "op",
        Svg.box("op-box", left, top, JOIN, bottom - top),
        Svg.label("op middle", x, y + 4, name).turned(x, y));
  }
}
