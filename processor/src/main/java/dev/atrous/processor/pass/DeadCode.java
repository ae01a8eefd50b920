package dev.atrous.processor.pass;

import dev.atrous.processor.ir.Copier;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.GraphBuilder;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.UpdateOp;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** Removes what no result and no update needs. Sources stay: they are the model's interface. */
final class DeadCode {
  private DeadCode() {}

  static Graph remove(Graph graph) {
    Set<Node> live = live(graph);
    if (live.size() == graph.nodes().size()) {
      return graph;
    }
    GraphBuilder copy = new GraphBuilder(graph.name());
    Copier copier = new Copier(copy);
    graph.nodes().stream().filter(live::contains).forEach(copier::copy);
    copier.copyResults(graph);
    return copy.build();
  }

  private static Set<Node> live(Graph graph) {
    Deque<Node> open = new ArrayDeque<>();
    graph.results().values().forEach(value -> open.add(value.node()));
    graph.nodes().stream()
        .filter(node -> node.op() instanceof UpdateOp || node.op() instanceof SourceOp)
        .forEach(open::add);
    Set<Node> live = new HashSet<>();
    while (!open.isEmpty()) {
      Node node = open.remove();
      if (live.add(node)) {
        node.inputs().forEach(input -> open.add(input.node()));
      }
    }
    return live;
  }
}
