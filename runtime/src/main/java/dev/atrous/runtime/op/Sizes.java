package dev.atrous.runtime.op;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;

/** Shapes as TensorFlow's operations take them, all sizes known. */
final class Sizes {
  private Sizes() {}

  /** A constant vector. It waits for nothing, so that TensorFlow takes it for a constant too. */
  static Operand<TInt32> of(Ops tf, Shape shape) {
    return tf.withControlDependencies(List.of()).constant(of(shape));
  }

  static int[] of(Shape shape) {
    int[] sizes = new int[shape.numDimensions()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.toIntExact(shape.get(i));
    }
    return sizes;
  }
}
