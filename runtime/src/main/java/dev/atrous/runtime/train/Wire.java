package dev.atrous.runtime.train;

import java.util.Locale;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/** The numbers in which workers send each other gradients. */
public enum Wire {
  /** As they are. */
  FLOAT32(TFloat32.class),
  /** Half as many bytes: gradients, and sums of them, are rounded to 8 bits on their way. */
  BFLOAT16(TBfloat16.class);

  private final Class<? extends TFloating> numbers;

  Wire(Class<? extends TFloating> numbers) {
    this.numbers = numbers;
  }

  Class<? extends TFloating> numbers() {
    return numbers;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Bytes of a number. */
  public int bytes() {
    return this == BFLOAT16 ? 2 : 4;
  }
}
