package dev.atrous.runtime.op;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Bilinear interpolation as two matrix products, {@code R x C'}: rows, then columns. The matrices
 * are made in the graph from the sizes, so unknown sizes work; known ones are folded to constants.
 * XLA's ResizeBilinear with half-pixel centres is wrong at some sizes, and its gradient slow;
 * matrix products are exact and have a plain gradient.
 */
final class Bilinear {
  private final Ops tf;
  private final Operand<TFloat32> rows;
  private final Operand<TFloat32> columns;

  /**
   * @param from a map of the size to interpolate, {@code [N, h, w, *]}
   * @param to a map of the size to reach, {@code [N, H, W]} or {@code [N, H, W, *]}
   */
  Bilinear(Ops tf, Operand<?> from, Operand<?> to, boolean alignCorners) {
    this.tf = tf;
    this.rows = matrix(size(from, 1), size(to, 1), range(size(to, 1)), alignCorners);
    this.columns = matrix(size(from, 2), size(to, 2), range(size(to, 2)), alignCorners);
  }

  /**
   * @param from as above
   * @param to as above
   * @param rows of {@code to} that are wanted, {@code [R]}; may lie between them
   * @param columns likewise, {@code [K]}
   */
  Bilinear(
      Ops tf,
      Operand<?> from,
      Operand<?> to,
      Operand<TFloat32> rows,
      Operand<TFloat32> columns,
      boolean alignCorners) {
    this.tf = tf;
    this.rows = matrix(size(from, 1), size(to, 1), rows, alignCorners);
    this.columns = matrix(size(from, 2), size(to, 2), columns, alignCorners);
  }

  /** {@code [N, h, w, C]} to {@code [N, H, W, C]}. */
  Operand<TFloat32> apply(Operand<TFloat32> x) {
    return product(product(x, rows, 1, false), columns, 2, false);
  }

  /** The transpose of {@link #apply}: {@code [N, H, W, C]} to {@code [N, h, w, C]}. */
  Operand<TFloat32> transpose(Operand<TFloat32> y) {
    return product(product(y, columns, 2, true), rows, 1, true);
  }

  /**
   * {@code [index, input]}: a row holds the weights of the one or two inputs next to an output.
   *
   * @param index which outputs
   */
  private Operand<TFloat32> matrix(
      Operand<TInt32> inputs,
      Operand<TInt32> outputs,
      Operand<TFloat32> index,
      boolean alignCorners) {
    Operand<TFloat32> in = tf.dtypes.cast(inputs, TFloat32.class);
    Operand<TFloat32> out = tf.dtypes.cast(outputs, TFloat32.class);
    Operand<TFloat32> one = tf.constant(1f);
    Operand<TFloat32> half = tf.constant(0.5f);
    Operand<TFloat32> last = tf.math.sub(in, one);
    Operand<TFloat32> position =
        alignCorners
            ? tf.math.div(tf.math.mul(index, last), tf.math.maximum(tf.math.sub(out, one), one))
            : tf.math.sub(tf.math.div(tf.math.mul(tf.math.add(index, half), in), out), half);
    Operand<TFloat32> inside = tf.math.minimum(tf.math.maximum(position, tf.constant(0f)), last);
    Operand<TFloat32> distance =
        tf.math.abs(
            tf.math.sub(
                tf.expandDims(inside, tf.constant(1)),
                tf.expandDims(range(inputs), tf.constant(0))));
    return tf.nn.relu(tf.math.sub(one, distance));
  }

  private Operand<TFloat32> range(Operand<TInt32> size) {
    return tf.dtypes.cast(tf.range(tf.constant(0), size, tf.constant(1)), TFloat32.class);
  }

  /** Multiplies the given axis (1: rows, 2: columns) of a map by a matrix or its transpose. */
  private Operand<TFloat32> product(
      Operand<TFloat32> x, Operand<TFloat32> matrix, int axis, boolean transpose) {
    Operand<TInt32> n = size(x, 0);
    Operand<TInt32> h = size(x, 1);
    Operand<TInt32> w = size(x, 2);
    Operand<TInt32> c = size(x, 3);
    Operand<TInt32> reached = axisOf(matrix, transpose ? 1 : 0);
    // Rows: [N, h, w * C]. Columns: [N * h, w, C]. The product is over the middle axis of either.
    Operand<TFloat32> flat =
        axis == 1
            ? tf.reshape(x, tf.stack(List.of(n, h, tf.math.mul(w, c))))
            : tf.reshape(x, tf.stack(List.of(tf.math.mul(n, h), w, c)));
    Operand<TFloat32> y =
        tf.scope()
            .opBuilder("BatchMatMulV2", "BatchMatMulV2")
            .addInput(matrix.asOutput())
            .addInput(flat.asOutput())
            .setAttr("adj_x", transpose)
            .build()
            .<TFloat32>output(0);
    return axis == 1
        ? tf.reshape(y, tf.stack(List.of(n, reached, w, c)))
        : tf.reshape(y, tf.stack(List.of(n, h, reached, c)));
  }

  /** A constant where the size is known, a computed scalar otherwise. */
  private Operand<TInt32> size(Operand<?> x, int axis) {
    long size = x.shape().get(axis);
    return size == org.tensorflow.ndarray.Shape.UNKNOWN_SIZE
        ? axisOf(x, axis)
        : tf.constant((int) size);
  }

  private Operand<TInt32> axisOf(Operand<?> x, int axis) {
    Shape<TInt32> shape = tf.shape(x);
    return tf.stridedSlice(shape, org.tensorflow.ndarray.index.Indices.at(axis));
  }
}
