package dev.atrous.runtime.kernel;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/** Parameters that never change: what follows from them is computed once, and kept. */
public interface FixedParameters {

  /** Where operations go that run once, when the parameters are read. */
  Ops ops();

  /** The value of a parameter, for what is kept instead of it. */
  Operand<TFloat32> restored(String name);

  /** The shape of a parameter. */
  Shape shape(String name);

  /**
   * Keeps a value that follows from parameters.
   *
   * @param name unlike all others in the graph
   * @param value of operations in {@link #ops}
   * @return what is kept, for the rest of the graph
   */
  <T extends TType> Operand<T> keep(String name, Shape shape, Operand<T> value, Class<T> type);
}
