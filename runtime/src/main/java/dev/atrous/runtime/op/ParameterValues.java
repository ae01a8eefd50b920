package dev.atrous.runtime.op;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Where the operations of a graph take the values of parameters from. */
public interface ParameterValues {

  /**
   * The value of a parameter.
   *
   * @param name its full name, for example {@code block4/unit1/conv2/weights}
   */
  Operand<TFloat32> read(String name);
}
