package dev.atrous.runtime.weights;

import java.nio.ByteBuffer;

/**
 * The type of a tensor's elements in a file. Floating-point numbers are read, all to float32: those
 * of at most 32 bits without loss, those of 64 bits rounded. The others are known by their sizes,
 * so that a file may hold them, for example counters.
 */
public enum ElementType {
  /** IEEE 754, 32 bits. */
  FLOAT32(4),
  /** IEEE 754, 16 bits: 1 sign, 5 exponent, 10 fraction. */
  FLOAT16(2),
  /** The upper 16 bits of a float32. */
  BFLOAT16(2),
  /** IEEE 754, 64 bits. */
  FLOAT64(8),
  /** Signed, 64 bits. */
  INT64(8),
  /** Signed, 32 bits. */
  INT32(4),
  /** Signed, 16 bits. */
  INT16(2),
  /** Signed, 8 bits. */
  INT8(1),
  /** Unsigned, 64 bits. */
  UINT64(8),
  /** Unsigned, 32 bits. */
  UINT32(4),
  /** Unsigned, 16 bits. */
  UINT16(2),
  /** Unsigned, 8 bits. */
  UINT8(1),
  /** One byte, 0 or 1. */
  BOOL(1),
  /** Two float32. */
  COMPLEX64(8),
  /** Two float64. */
  COMPLEX128(16),
  /** Quantised, signed, 8 bits. */
  QINT8(1),
  /** Quantised, unsigned, 8 bits. */
  QUINT8(1),
  /** Quantised, signed, 32 bits. */
  QINT32(4);

  private static final int HALF_FRACTION = 10;
  private static final float SMALLEST_HALF = 0x1p-24f; // below the normal halves

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Size of an element. */
  public int bytes() {
    return bytes;
  }

  /** Whether weights are read from it. */
  public boolean isReadable() {
    return this == FLOAT32 || this == FLOAT16 || this == BFLOAT16 || this == FLOAT64;
  }

  /**
   * The element at a byte position.
   *
   * @throws IllegalStateException for a type that is not readable
   */
  float read(ByteBuffer data, int position) {
    return switch (this) {
      case FLOAT32 -> data.getFloat(position);
      case FLOAT16 -> half(data.getShort(position));
      case FLOAT64 -> (float) data.getDouble(position);
      case BFLOAT16 -> Float.intBitsToFloat(data.getShort(position) << 16);
      default -> throw new IllegalStateException(this + " is not read");
    };
  }

  /** The value of a half: its fields moved to where a float has them. */
  private static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >> HALF_FRACTION) & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0) {
      return Math.copySign(fraction * SMALLEST_HALF, Float.intBitsToFloat(sign));
    }
    int wide = exponent == 0x1f ? 0xff : exponent - 15 + 127;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }
}
