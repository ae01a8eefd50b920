package dev.atrous.processor.ir;

/** The type of a tensor's elements. */
public enum DataType {
  FLOAT32("f32", 4, 4),
  /** The numbers of feature maps: float32 or bfloat16, which is chosen when the graph is built. */
  MAP("map", 4, 2),
  UINT8("u8", 1, 1),
  UINT16("u16", 2, 2);

  private final String shortName;
  private final int bytes;
  private final int bfloat16Bytes;

  DataType(String shortName, int bytes, int bfloat16Bytes) {
    this.shortName = shortName;
    this.bytes = bytes;
    this.bfloat16Bytes = bfloat16Bytes;
  }

  /** Size of one element where maps are in float32. */
  public int bytes() {
    return bytes;
  }

  /** Size of one element where maps are in bfloat16. */
  public int bfloat16Bytes() {
    return bfloat16Bytes;
  }

  /** Whether the elements are real numbers. */
  boolean isFloating() {
    return this == FLOAT32 || this == MAP;
  }

  @Override
  public String toString() {
    return shortName;
  }
}
