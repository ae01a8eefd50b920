package dev.atrous.processor.ir;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A computation: nodes in an order in which each comes after its inputs, and the named results.
 * Immutable; made with a {@link GraphBuilder}.
 */
public final class Graph {
  private final String name;
  private final List<Node> nodes;
  private final SortedMap<String, Value> results;

  Graph(String name, List<Node> nodes, Map<String, Value> results) {
    this.name = name;
    this.nodes = List.copyOf(nodes);
    this.results = new TreeMap<>(results);
  }

  public String name() {
    return name;
  }

  public List<Node> nodes() {
    return nodes;
  }

  /** What the graph is for: {@code logits} or {@code loss}. */
  public Map<String, Value> results() {
    return new LinkedHashMap<>(results);
  }

  /** A result by name. */
  public Value result(String resultName) {
    Value value = results.get(resultName);
    if (value == null) {
      throw new IllegalArgumentException(name + " has no result " + resultName);
    }
    return value;
  }

  /** The nodes with an operation of one kind. */
  public Stream<Node> nodesOf(Class<? extends Op> kind) {
    return nodes.stream().filter(node -> kind.isInstance(node.op()));
  }

  /** The parameters that nodes read, in order. */
  public List<ParameterSpec> parameters() {
    return nodesOf(SourceOp.Parameter.class)
        .map(node -> ((SourceOp.Parameter) node.op()).spec())
        .toList();
  }

  /** The whole graph as text. */
  @Override
  public String toString() {
    return Printer.print(this);
  }
}
