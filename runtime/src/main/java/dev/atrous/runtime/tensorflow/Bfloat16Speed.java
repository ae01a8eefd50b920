package dev.atrous.runtime.tensorflow;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * Whether convolutions in bfloat16 are worth it on this processor. Its instructions do not tell:
 * some have those for bfloat16 at half the rate of the others. So a convolution is timed in either,
 * which takes a tenth of a second, once in a process.
 */
final class Bfloat16Speed {
  /** How much faster it has to be: what surrounds convolutions gains less. */
  private static final double LEAST = 1.2;

  private static final int[] MAP = {1, 33, 33, 512};
  private static final int[] FILTER = {1, 1, 512, 512};

  private Bfloat16Speed() {}

  private static final class Holder {
    static final boolean PAYS =
        Race.isWonBy(
            "convolutions in bfloat16",
            LEAST,
            tf -> convolution(tf, TFloat32.class),
            tf -> convolution(tf, TBfloat16.class));
  }

  /** Whether it is clearly faster than float32. */
  static boolean pays() {
    return Holder.PAYS;
  }

  private static <N extends TFloating> Op convolution(Ops tf, Class<N> numbers) {
    List<Long> steps = List.of(1L, 1L, 1L, 1L);
    return tf.nn.conv2d(ones(tf, MAP, numbers), ones(tf, FILTER, numbers), steps, "SAME");
  }

  private static <N extends TFloating> Operand<N> ones(Ops tf, int[] shape, Class<N> numbers) {
    return tf.ones(tf.constant(shape), numbers);
  }
}
