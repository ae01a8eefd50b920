package dev.atrous.processor.ir;

import java.util.List;

/**
 * One operation in a graph, with its inputs and the types of its outputs. Nodes are equal only to
 * themselves.
 */
public final class Node {
  private final Scope scope;
  private final Phase phase;
  private final String name;
  private final String path;
  private final Op op;
  private final List<Value> inputs;
  private final List<TensorType> types;

  Node(Scope scope, Phase phase, String name, Op op, List<Value> inputs, List<TensorType> types) {
    this.scope = scope;
    this.phase = phase;
    this.name = name;
    this.path = scope.path(name);
    this.op = op;
    this.inputs = List.copyOf(inputs);
    this.types = List.copyOf(types);
  }

  public Scope scope() {
    return scope;
  }

  public Phase phase() {
    return phase;
  }

  /** Unique in its scope; a Java identifier. */
  public String name() {
    return name;
  }

  /** {@code block4/unit1/conv2}. */
  public String path() {
    return path;
  }

  public Op op() {
    return op;
  }

  public List<Value> inputs() {
    return inputs;
  }

  public Value input(int i) {
    return inputs.get(i);
  }

  /** Types of the outputs. */
  public List<TensorType> types() {
    return types;
  }

  /** One of the outputs. */
  public Value output(int i) {
    return new Value(this, i);
  }

  /** The first output. */
  public Value output() {
    return output(0);
  }

  /** {@code block4/unit1/conv2 = Conv2D[stride=1, rate=4](...) : map[16, 33, 33, 512]}. */
  @Override
  public String toString() {
    return Printer.line(this);
  }
}
