package dev.atrous.processor.ir;

import org.jspecify.annotations.Nullable;

/**
 * A tensor in a graph: an output of a node.
 *
 * @param index which output
 */
public record Value(Node node, int index) {

  public TensorType type() {
    return node.types().get(index);
  }

  /** Its shape. */
  public int size(int axis) {
    return type().size(axis);
  }

  /** Written out, since what Java makes for records is slow before it has run often. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Value value && node == value.node && index == value.index;
  }

  @Override
  public int hashCode() {
    return 31 * node.hashCode() + index;
  }

  /** Path of the node, with the number of the output where that is not the first. */
  @Override
  public String toString() {
    return index == 0 ? node.path() : node.path() + "#" + index;
  }
}
