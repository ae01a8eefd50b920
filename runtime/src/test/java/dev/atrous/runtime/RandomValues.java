package dev.atrous.runtime;

import java.util.Random;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Normally distributed values, the same for a seed. */
public final class RandomValues {
  private RandomValues() {}

  public static float[] random(Shape shape, int seed) {
    Random random = new Random(seed);
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  public static Operand<TFloat32> constant(Ops tf, Shape shape, int seed) {
    return tf.constant(shape, DataBuffers.of(random(shape, seed)));
  }
}
