package dev.atrous.processor.ir;

/**
 * The part of the network that a node belongs to.
 *
 * @param block for example {@code block4}, {@code aspp}
 * @param unit part of the block, for example {@code unit1}, {@code projection}; empty where a block
 *     is one piece
 */
public record Scope(String block, String unit) {

  /** A block in one piece. */
  public static Scope of(String block) {
    return new Scope(block, "");
  }

  /** {@code block4/unit1}. */
  public String path() {
    return unit.isEmpty() ? block : block + "/" + unit;
  }

  /** {@code block4/unit1/conv2} for {@code conv2}. */
  public String path(String name) {
    return path() + "/" + name;
  }
}
