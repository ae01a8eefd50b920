package dev.atrous.runtime.kernel;

import dev.atrous.runtime.op.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Convolutions with stride 1 as sums over the taps of the filter: each is the product of a matrix
 * of pixels, those at which the tap meets the map, with one of weights. Sums are in float32.
 */
final class Taps {
  private final Ops tf;
  private final int rate;
  private final Operand<TInt32> images;
  private final Operand<TInt32> height;
  private final Operand<TInt32> width;
  private final Operand<TInt32> all;
  private final Operand<TInt32> zero;

  /**
   * @param like {@code [N, H, W, *]}, of any size
   */
  Taps(Ops tf, Operand<?> like, int rate) {
    this.tf = tf;
    this.rate = rate;
    Operand<TInt32> shape = tf.shape(like);
    images = tf.stridedSlice(shape, Indices.at(0));
    height = tf.stridedSlice(shape, Indices.at(1));
    width = tf.stridedSlice(shape, Indices.at(2));
    all = tf.constant(-1);
    zero = tf.constant(0);
  }

  /**
   * The convolution, with zeros around the map.
   *
   * @param x {@code [N, H, W, C]}
   * @param weights {@code [kernel, kernel, C, D]}
   * @return {@code [N, H, W, D]}
   */
  <T extends TFloating> Operand<TFloat32> convolve(Operand<T> x, Operand<T> weights) {
    return sum(x, weights, false);
  }

  /**
   * The convolution's derivative by its map.
   *
   * @param dy {@code [N, H, W, D]}
   * @param weights {@code [kernel, kernel, C, D]}
   * @return {@code [N, H, W, C]}
   */
  <T extends TFloating> Operand<TFloat32> inputGradient(Operand<T> dy, Operand<T> weights) {
    return sum(dy, weights, true);
  }

  /**
   * @param turned whether the filter is turned by 180 degrees and leads from its outputs to its
   *     inputs
   */
  private <T extends TFloating> Operand<TFloat32> sum(
      Operand<T> x, Operand<T> weights, boolean turned) {
    Shape filter = weights.shape();
    int rows = (int) filter.get(0);
    int columns = (int) filter.get(1);
    Operand<TInt32> channels = tf.constant((int) filter.get(turned ? 2 : 3));
    @Nullable Operand<TFloat32> sum = null;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        Span down = span(height, offset(row, rows, turned));
        Span right = span(width, offset(column, columns, turned));
        Ops then = sum == null ? tf : tf.withControlDependencies(List.of(sum));
        Operand<T> tap = then.stridedSlice(weights, Indices.at(row), Indices.at(column));
        Operand<T> product =
            then.linalg.matMul(pixels(then, x, down, right), tap, MatMul.transposeB(turned));
        Operand<TFloat32> part = placed(then, product, down, right, channels);
        sum = sum == null ? part : then.math.add(sum, part);
      }
    }
    return Objects.requireNonNull(sum);
  }

  private int offset(int tap, int taps, boolean turned) {
    return rate * (turned ? taps / 2 - tap : tap - taps / 2);
  }

  /**
   * The convolution's derivative by its weights.
   *
   * @param x {@code [N, H, W, C]}
   * @param dy {@code [N, H, W, D]}
   * @param filter its shape, {@code [kernel, kernel, C, D]}
   */
  <T extends TFloating> Operand<TFloat32> filterGradient(
      Operand<T> x, Operand<T> dy, Shape filter) {
    int rows = (int) filter.get(0);
    int columns = (int) filter.get(1);
    List<Operand<T>> taps = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int down = offset(row, rows, false);
        int right = offset(column, columns, false);
        taps.add(
            tf.linalg.matMul(
                pixels(tf, x, span(height, down), span(width, right)),
                pixels(tf, dy, span(height, -down), span(width, -right)),
                MatMul.transposeA(true)));
      }
    }
    Operand<T> gradient = tf.reshape(tf.stack(taps), tf.constant(filter.asArray()));
    return Numbers.cast(tf, gradient, TFloat32.class);
  }

  /**
   * Where a tap looks along an axis.
   *
   * @param begin the first pixel of the map that it sees
   * @param size how many it sees
   * @param before how many outputs before the first one that sees any see none
   * @param after likewise after the last one
   */
  private record Span(
      Operand<TInt32> begin, Operand<TInt32> size, Operand<TInt32> before, Operand<TInt32> after) {}

  /** Of a tap at a distance from the centre. */
  private Span span(Operand<TInt32> length, int offset) {
    Operand<TInt32> beyond = tf.math.minimum(tf.constant(Math.abs(offset)), length);
    Operand<TInt32> size = tf.math.sub(length, beyond);
    return offset < 0 ? new Span(zero, size, beyond, zero) : new Span(beyond, size, zero, beyond);
  }

  /** The pixels that a tap sees, {@code [pixels, C]}. */
  private <T extends TFloating> Operand<T> pixels(
      Ops then, Operand<T> map, Span rows, Span columns) {
    Operand<TInt32> begin = tf.stack(List.of(zero, rows.begin(), columns.begin(), zero));
    Operand<TInt32> size = tf.stack(List.of(all, rows.size(), columns.size(), all));
    int channels = (int) map.shape().get(3);
    return then.reshape(then.slice(map, begin, size), tf.constant(new int[] {-1, channels}));
  }

  /** A product where it belongs in the result, with zeros around. */
  private Operand<TFloat32> placed(
      Ops then,
      Operand<? extends TFloating> product,
      Span rows,
      Span columns,
      Operand<TInt32> channels) {
    Operand<TInt32> shape = tf.stack(List.of(images, rows.size(), columns.size(), channels));
    Operand<TFloat32> part = then.reshape(Numbers.cast(then, product, TFloat32.class), shape);
    Operand<TInt32> none = tf.constant(new int[2]);
    Operand<TInt32> margins =
        tf.stack(
            List.of(
                none,
                tf.stack(List.of(rows.before(), rows.after())),
                tf.stack(List.of(columns.before(), columns.after())),
                none));
    return then.pad(part, margins, tf.constant(0f));
  }
}
