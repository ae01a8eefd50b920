package dev.atrous.processor.ir;

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

  /** Path of the node, with the number of the output where that is not the first. */
  @Override
  public String toString() {
    return index == 0 ? node.path() : node.path() + "#" + index;
  }
}
