package dev.atrous.runtime.tensorflow;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TType;

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
        Race.onCpu()
            .isWonBy(
                "convolutions in bfloat16",
                LEAST,
                tf ->
                    List.of(
                        ones(tf, MAP, TFloat32.class),
                        ones(tf, FILTER, TFloat32.class),
                        ones(tf, MAP, TBfloat16.class),
                        ones(tf, FILTER, TBfloat16.class)),
                (tf, inputs) -> Bfloat16Speed.<TFloat32>convolution(tf, inputs.subList(0, 2)),
                (tf, inputs) -> Bfloat16Speed.<TBfloat16>convolution(tf, inputs.subList(2, 4)));
  }

  /** Whether it is clearly faster than float32. */
  static boolean pays() {
    return Holder.PAYS;
  }

  @SuppressWarnings("unchecked") // the inputs are those above
  private static <N extends TFloating> Operand<N> convolution(
      Ops tf, List<Operand<? extends TType>> inputs) {
    Operand<N> map = (Operand<N>) inputs.get(0);
    Operand<N> filter = (Operand<N>) inputs.get(1);
    return tf.nn.conv2d(map, filter, List.of(1L, 1L, 1L, 1L), "SAME");
  }

  private static <N extends TFloating> Operand<N> ones(Ops tf, int[] shape, Class<N> numbers) {
    return tf.ones(tf.constant(shape), numbers);
  }
}
