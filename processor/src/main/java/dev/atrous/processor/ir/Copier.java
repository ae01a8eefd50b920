package dev.atrous.processor.ir;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies nodes of one graph into another under construction, and knows what became of each value.
 */
public final class Copier {
  private final GraphBuilder target;
  private final Map<Value, Value> copies = new HashMap<>();

  public Copier(GraphBuilder target) {
    this.target = target;
  }

  /** Adds the same node, on the copies of its inputs. */
  public Node copy(Node node) {
    Node same = target.add(node.scope(), node.phase(), node.name(), node.op(), inputs(node));
    for (int i = 0; i < node.types().size(); i++) {
      copies.put(node.output(i), same.output(i));
    }
    return same;
  }

  /** Says that another value takes the place of a node's only output. */
  public void replace(Node node, Value replacement) {
    copies.put(node.output(), replacement);
  }

  /** The copies of a node's inputs. */
  public List<Value> inputs(Node node) {
    List<Value> inputs = new ArrayList<>();
    for (Value input : node.inputs()) {
      inputs.add(of(input));
    }
    return inputs;
  }

  /** The copy of a value, or what took its place. */
  public Value of(Value value) {
    Value copy = copies.get(value);
    if (copy == null) {
      throw new IllegalStateException(value + " was not copied");
    }
    return copy;
  }

  /** Names the copies of a graph's results as there. */
  public void copyResults(Graph graph) {
    graph.results().forEach((name, value) -> target.result(name, of(value)));
  }
}
