package dev.atrous.processor.pass;

import dev.atrous.processor.ir.Copier;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.GraphBuilder;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.Value;
import java.util.List;
import java.util.Optional;

/** Copies a graph node by node, with a rule that may put other nodes in the place of one. */
final class Rewriter {

  /** What to put in the place of a node. */
  interface Rule {

    /**
     * The value that takes the place of the node's first output, after the nodes for it were added
     * to {@code graph}; empty to copy the node. Only nodes with one output are replaced.
     *
     * @param node of the graph that is copied
     * @param inputs of the node, in the copy
     */
    Optional<Value> replace(GraphBuilder graph, Node node, List<Value> inputs);
  }

  private Rewriter() {}

  static Graph rewrite(Graph graph, Rule rule) {
    GraphBuilder copy = new GraphBuilder(graph.name());
    Copier copier = new Copier(copy);
    for (Node node : graph.nodes()) {
      Optional<Value> replacement = rule.replace(copy, node, copier.inputs(node));
      if (replacement.isPresent()) {
        copier.replace(node, replacement.get());
      } else {
        copier.copy(node);
      }
    }
    copier.copyResults(graph);
    return copy.build();
  }
}
