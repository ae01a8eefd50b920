package dev.atrous.processor.interpreter;

import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.Value;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The values of all nodes of a graph. */
public final class Evaluation {
  private final Graph graph;
  private final Map<Node, List<Tensor>> values;

  Evaluation(Graph graph, Map<Node, List<Tensor>> values) {
    this.graph = graph;
    this.values = Collections.unmodifiableMap(values);
  }

  /** The outputs of every node, in the order of the graph; updates have none. */
  public Map<Node, List<Tensor>> values() {
    return values;
  }

  /** One value. */
  public Tensor value(Value value) {
    List<Tensor> outputs = values.get(value.node());
    if (outputs == null) {
      throw new IllegalArgumentException(graph.name() + " has no node " + value.node().path());
    }
    return outputs.get(value.index());
  }

  /** A result of the graph. */
  public Tensor result(String name) {
    return value(graph.result(name));
  }

  /** The first output of the node with a path like {@code block4/unit1/conv2}. */
  public Tensor at(String path) {
    return values.keySet().stream()
        .filter(node -> node.path().equals(path))
        .findFirst()
        .map(node -> value(node.output()))
        .orElseThrow(() -> new IllegalArgumentException(graph.name() + " has no node " + path));
  }
}
