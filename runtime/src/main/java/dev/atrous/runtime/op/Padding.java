package dev.atrous.runtime.op;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * How symmetric padding is put to TensorFlow. Its convolution gradients are fast for SAME and VALID
 * only (EXPLICIT falls back to kernels without atrous rates), and SAME is asymmetric where a stride
 * meets an even size; so: SAME where that is the same thing, otherwise a Pad operation and VALID.
 *
 * @param type the padding attribute of the operation
 * @param rows rows to add above and below before it; 0 with SAME
 * @param columns columns to add left and right before it; 0 with SAME
 */
public record Padding(String type, int rows, int columns) {
  /** Less than what any map holds: the least number of bfloat16. */
  static final float LEAST = -0x1.FEp127f;

  static final Padding SAME = new Padding("SAME", 0, 0);

  /**
   * @param map {@code [N, H, W, C]}, possibly unknown sizes
   * @param kernel {@code [kernel height, kernel width, ...]}
   */
  public static Padding of(Shape map, Shape kernel, Window window) {
    if (window.padding() == PaddingMode.SAME) {
      return SAME;
    }
    int stride = window.stride();
    int rows = halo(kernel.get(0), window.rate());
    int columns = halo(kernel.get(1), window.rate());
    boolean same =
        isSymmetric(map.get(1), rows, stride) && isSymmetric(map.get(2), columns, stride);
    return same ? SAME : new Padding("VALID", rows, columns);
  }

  private static int halo(long kernel, int rate) {
    return Math.toIntExact(rate * (kernel - 1) / 2);
  }

  /** Whether SAME adds {@code halo} on both sides of an axis of {@code size}. */
  private static boolean isSymmetric(long size, int halo, int stride) {
    if (stride == 1 || halo == 0) {
      return true;
    }
    if (size == Shape.UNKNOWN_SIZE) {
      return false;
    }
    long outputs = (size + stride - 1) / stride;
    return (outputs - 1) * stride + 2L * halo + 1 - size == 2L * halo;
  }

  private boolean isNeeded() {
    return rows > 0 || columns > 0;
  }

  /** The padding attribute of an operation that adds the rows and columns itself. */
  public String explicitType() {
    return isNeeded() ? "EXPLICIT" : type;
  }

  /** What such an operation adds before and after each axis; none with SAME and VALID. */
  public long[] explicit() {
    return isNeeded() ? new long[] {0, 0, rows, rows, columns, columns, 0, 0} : new long[0];
  }

  /** {@code x} with the rows and columns added. */
  <T extends TFloating> Operand<T> pad(Ops tf, Operand<T> x, float value) {
    if (!isNeeded()) {
      return x;
    }
    return tf.pad(
        x,
        tf.constant(new int[][] {{0, 0}, {rows, rows}, {columns, columns}, {0, 0}}),
        Numbers.cast(tf, tf.constant(value), x.type()));
  }

  /** Takes the added rows and columns off again: the gradient of {@link #pad}. */
  <T extends TFloating> Operand<T> unpad(Ops tf, Operand<T> padded) {
    if (!isNeeded()) {
      return padded;
    }
    Shape shape = padded.shape();
    return tf.slice(
        padded,
        tf.constant(new long[] {0, rows, columns, 0}),
        tf.constant(
            new long[] {
              shape.get(0), shape.get(1) - 2L * rows, shape.get(2) - 2L * columns, shape.get(3)
            }));
  }

  /** The shape of a padded map. */
  Shape padded(Shape map) {
    return Shape.of(map.get(0), map.get(1) + 2L * rows, map.get(2) + 2L * columns, map.get(3));
  }

  /** A step in rows and columns as TensorFlow's attributes want it. */
  static List<Long> strides(int step) {
    return List.of(1L, (long) step, (long) step, 1L);
  }
}
