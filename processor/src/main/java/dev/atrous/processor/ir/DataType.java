package dev.atrous.processor.ir;

/** The type of a tensor's elements. */
public enum DataType {
  FLOAT32("f32"),
  UINT8("u8");

  private final String shortName;

  DataType(String shortName) {
    this.shortName = shortName;
  }

  @Override
  public String toString() {
    return shortName;
  }
}
