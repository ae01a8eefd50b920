package dev.atrous.runtime.op;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * What a dropout multiplies maps by. Key and counter of the generator (Philox) are given, and its
 * bits are compared as integers; XLA derives both from a seed, and fractions from bits, in another
 * way than TensorFlow's kernels do.
 */
final class DropoutFactors {
  /** The number of the generator in TensorFlow's operations. */
  private static final int PHILOX = 1;

  private final Ops tf;
  private final Operand<TInt64> step;
  private final @Nullable Operand<TInt64> part;

  /**
   * @param step number of the step, a scalar
   * @param part which of the step's batches this is, a scalar; null if it is the only one
   */
  DropoutFactors(Ops tf, Operand<TInt64> step, @Nullable Operand<TInt64> part) {
    this.tf = tf;
    this.step = step;
    this.part = part;
  }

  /**
   * Draws them.
   *
   * @param shape of a batch
   * @param share probability of a zero
   * @param number tells dropouts apart
   * @return 0 or {@code 1 / (1 - share)}
   */
  Operand<TFloat32> draw(Shape shape, float share, long number) {
    Operand<TInt64> key = tf.constant(new long[] {number});
    Operand<TInt64> counter = tf.stack(List.of(firstBlock(shape), step));
    Operand<TInt32> bits =
        tf.random.statelessRandomUniformFullIntV2(
            tf.constant(shape.asArray()),
            unsigned(key),
            unsigned(counter),
            tf.constant(PHILOX),
            TInt32.class);
    int first = (int) Math.round(share * 0x1p32 + Integer.MIN_VALUE);
    Operand<TFloat32> kept =
        tf.dtypes.cast(tf.math.greaterEqual(bits, tf.constant(first)), TFloat32.class);
    return tf.math.mul(kept, tf.constant(1 / (1 - share)));
  }

  /** Where the generator, which makes four numbers at a time, begins for this batch. */
  private Operand<TInt64> firstBlock(Shape batch) {
    return part == null ? tf.constant(0L) : tf.math.mul(part, tf.constant((batch.size() + 3) / 4));
  }

  /** The same bits as uint64, a type that TensorFlow Java has no name for. */
  private Output<?> unsigned(Operand<TInt64> bits) {
    return tf.scope()
        .opBuilder("Bitcast", "Bitcast")
        .addInput(bits.asOutput())
        .setAttr("type", DataType.DT_UINT64)
        .build()
        .output(0);
  }
}
