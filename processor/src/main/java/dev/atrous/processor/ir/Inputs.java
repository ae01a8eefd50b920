package dev.atrous.processor.ir;

import static dev.atrous.processor.ir.TensorType.f32;

import java.util.List;

/** The inputs of an operation, and what it requires of them. */
final class Inputs {
  private final Op op;
  private final List<Value> values;
  private final String where;

  /**
   * @param where the node, for messages
   */
  Inputs(Op op, List<Value> values, String where) {
    this.op = op;
    this.values = values;
    this.where = where;
  }

  int count() {
    return values.size();
  }

  TensorType type(int i) {
    return values.get(i).type();
  }

  List<TensorType> types() {
    return values.stream().map(Value::type).toList();
  }

  boolean isParameter(int i) {
    return values.get(i).node().op() instanceof SourceOp.Parameter;
  }

  /**
   * @param expected what the operation takes
   * @throws ShapeException unless the condition holds
   */
  void require(boolean condition, String expected) {
    if (!condition) {
      throw new ShapeException(
          String.format(
              "%s = %s takes %s, but got %s",
              where, op, expected, values.stream().map(v -> v + " : " + v.type()).toList()));
    }
  }

  void requireCount(int count) {
    require(values.size() == count, count + " inputs");
  }

  void requireMap(int i) {
    require(type(i).rank() == 4 && type(i).dataType().isFloating(), "a map as input " + i);
  }

  void requireFloat32(int i) {
    require(
        type(i).rank() == 4 && type(i).dataType() == DataType.FLOAT32,
        "a map or weights in float32 as input " + i);
  }

  /** Requires a vector of each input from the given one on. */
  void requireVectors(int channels, int from) {
    TensorType vector = f32(channels);
    require(
        types().stream().skip(from).allMatch(vector::equals),
        "vectors of " + channels + " channels");
  }

  void requireEqual(int a, int b) {
    require(type(a).equals(type(b)), "inputs " + a + " and " + b + " of one type");
  }
}
