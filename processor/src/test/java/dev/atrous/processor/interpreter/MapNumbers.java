package dev.atrous.processor.interpreter;

/** What the elements of feature maps are rounded to. */
public enum MapNumbers {
  /** Nothing: they remain doubles. */
  EXACT {
    @Override
    Tensor round(Tensor tensor) {
      return tensor;
    }
  },
  /** bfloat16, to the nearest, and to the even one of two. */
  BFLOAT16 {
    @Override
    Tensor round(Tensor tensor) {
      return tensor.map(MapNumbers::bfloat16);
    }
  };

  private static final int DROPPED_BITS = 16;

  private static final int HALF = 1 << (DROPPED_BITS - 1);

  abstract Tensor round(Tensor tensor);

  private static double bfloat16(double value) {
    int bits = Float.floatToRawIntBits((float) value);
    int odd = (bits >>> DROPPED_BITS) & 1;
    int rounded = bits + HALF - 1 + odd;
    return Float.intBitsToFloat((rounded >>> DROPPED_BITS) << DROPPED_BITS);
  }
}
