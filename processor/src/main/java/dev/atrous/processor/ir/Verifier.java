package dev.atrous.processor.ir;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.lang.model.SourceVersion;

/**
 * Checks what every graph must hold, after it was made and after every pass, so that a mistake
 * shows at the guilty pass.
 */
public final class Verifier {
  private static final int NEIGHBOURS = 3;

  private Verifier() {}

  /**
   * Checks a graph.
   *
   * @param after what made the graph, for the message
   * @return the graph
   * @throws IllegalStateException naming the node and its neighbourhood
   */
  public static Graph verify(Graph graph, String after) {
    Set<Node> defined = new HashSet<>();
    Set<String> paths = new HashSet<>();
    Set<String> parameters = new HashSet<>();
    for (Node node : graph.nodes()) {
      for (Value input : node.inputs()) {
        if (!defined.contains(input.node())) {
          throw broken(graph, node, after, "uses " + input + " before it is computed");
        }
      }
      List<TensorType> types = ShapeRules.infer(node.op(), node.inputs(), node.path());
      if (!types.equals(node.types())) {
        throw broken(graph, node, after, "should have the types " + types);
      }
      if (!paths.add(node.path())) {
        throw broken(graph, node, after, "has the name of another node");
      }
      if (!SourceVersion.isName(node.name())) {
        throw broken(graph, node, after, "has a name that is no Java identifier");
      }
      if (node.op() instanceof SourceOp.Parameter parameter
          && !parameters.add(parameter.spec().name())) {
        throw broken(graph, node, after, "is a second node for " + parameter.spec().name());
      }
      defined.add(node);
    }
    graph
        .results()
        .forEach(
            (name, value) -> {
              if (!defined.contains(value.node())) {
                throw broken(
                    graph, value.node(), after, "is the result " + name + " but not in the graph");
              }
            });
    return graph;
  }

  private static IllegalStateException broken(Graph graph, Node node, String after, String what) {
    int at = Math.max(0, graph.nodes().indexOf(node));
    StringBuilder text =
        new StringBuilder(
            graph.name() + " is broken after " + after + ": " + node.path() + " " + what);
    int end = Math.min(graph.nodes().size(), at + NEIGHBOURS + 1);
    for (Node near : graph.nodes().subList(Math.max(0, at - NEIGHBOURS), end)) {
      text.append(near == node ? "\n> " : "\n  ").append(near);
    }
    return new IllegalStateException(text.toString());
  }
}
