package dev.atrous.processor.ir;

/** The type of a tensor's elements. */
public enum DataType {
  FLOAT32("f32", 4),
  UINT8("u8", 1);

  private final String shortName;
  private final int bytes;

  DataType(String shortName, int bytes) {
    this.shortName = shortName;
    this.bytes = bytes;
  }

  /** Size of one element. */
  public int bytes() {
    return bytes;
  }

  @Override
  public String toString() {
    return shortName;
  }
}
