package dev.atrous.processor.pass;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.GraphBuilder;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.Value;
import java.util.List;
import java.util.Optional;

/**
 * Where the atrous rate reaches the size of the map, all but the centre taps of a filter see only
 * padding (the degenerate case of section 3.3 of the paper, Figure 4). Such a convolution is
 * computed with the centre row, column or tap of its weights alone; the others get a gradient of
 * zero, as they would have. On larger maps the taps would live again, so the result is good up to
 * the planned crop.
 */
final class DropDeadTaps implements Pass {

  @Override
  public String name() {
    return "drop-dead-taps";
  }

  @Override
  public boolean dependsOnSize() {
    return true;
  }

  @Override
  public Graph apply(Graph graph) {
    return graph.nodesOf(ForwardOp.Conv2D.class).anyMatch(DropDeadTaps::hasDeadTaps)
        ? DeadCode.remove(Rewriter.rewrite(graph, DropDeadTaps::slice))
        : graph;
  }

  private static boolean hasDeadTaps(Node conv) {
    return isDead(conv, 0) || isDead(conv, 1);
  }

  /** Whether the taps beside the centre see padding alone, along rows (0) or columns (1). */
  private static boolean isDead(Node node, int axis) {
    ForwardOp.Conv2D conv = (ForwardOp.Conv2D) node.op();
    return node.input(1).size(axis) == 3 && conv.rate() >= node.input(0).size(axis + 1);
  }

  private static Optional<Value> slice(GraphBuilder graph, Node node, List<Value> inputs) {
    if (!(node.op() instanceof ForwardOp.Conv2D conv) || !hasDeadTaps(node)) {
      return Optional.empty();
    }
    Value weights = inputs.get(1);
    String[] names = {"LiveRows", "LiveColumns"};
    for (int axis = 0; axis < names.length; axis++) {
      if (isDead(node, axis)) {
        String name = graph.free(node.scope(), node.name() + names[axis]);
        weights = graph.add(node.scope(), name, new ForwardOp.Slice(axis, 1, 2), weights).output();
      }
    }
    boolean centreAlone = weights.size(0) == 1 && weights.size(1) == 1;
    ForwardOp.Conv2D live =
        new ForwardOp.Conv2D(conv.stride(), centreAlone ? 1 : conv.rate(), conv.padding());
    return Optional.of(graph.add(node.scope(), node.name(), live, inputs.get(0), weights).output());
  }
}
