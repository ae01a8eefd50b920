package dev.atrous.runtime.op;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TNumber;

/** Conversions between the numbers of feature maps and float32. */
public final class Numbers {
  private Numbers() {}

  /** The same values, rounded to {@code type}; the same operand if it has that type. */
  @SuppressWarnings("unchecked") // checked by the condition
  public static <T extends TFloating> Operand<T> cast(
      Ops tf, Operand<? extends TNumber> x, Class<T> type) {
    return x.type() == type ? (Operand<T>) x : tf.dtypes.cast(x, type);
  }
}
