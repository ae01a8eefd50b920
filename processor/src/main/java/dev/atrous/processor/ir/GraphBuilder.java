package dev.atrous.processor.ir;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Adds nodes to a graph, each with the types that the shape rules give it. */
public final class GraphBuilder {
  private final String name;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Value> results = new LinkedHashMap<>();
  private final Set<String> paths = new HashSet<>();

  public GraphBuilder(String name) {
    this.name = name;
  }

  /**
   * Adds a forward node.
   *
   * @throws ShapeException if the operation can't take the inputs
   */
  public Node add(Scope scope, String nodeName, Op op, Value... inputs) {
    return add(scope, Phase.FORWARD, nodeName, op, List.of(inputs));
  }

  /**
   * Adds a node.
   *
   * @throws ShapeException if the operation can't take the inputs
   */
  public Node add(Scope scope, Phase phase, String nodeName, Op op, List<Value> inputs) {
    String path = scope.path(nodeName);
    List<TensorType> types = ShapeRules.infer(op, inputs, path);
    Node node = new Node(scope, phase, nodeName, op, inputs, types);
    if (!paths.add(path)) {
      throw new IllegalArgumentException("two nodes are named " + path);
    }
    nodes.add(node);
    return node;
  }

  /** {@code wanted}, or with a number behind it if the scope has a node of that name. */
  public String free(Scope scope, String wanted) {
    String candidate = wanted;
    for (int i = 2; paths.contains(scope.path(candidate)); i++) {
      candidate = wanted + i;
    }
    return candidate;
  }

  /** Names a value that the graph is for. */
  public void result(String resultName, Value value) {
    results.put(resultName, value);
  }

  public Graph build() {
    return new Graph(name, nodes, results);
  }
}
