package dev.atrous.runtime.op;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * The derivatives of {@link NetworkOps}, as generated code writes them out. TensorFlow's own
 * automatic gradient is not used: its rule for convolutions ignores atrous rates. In every method
 * {@code dy} is the derivative of the loss by the output of the forward operation, and the result
 * that by one of its inputs. Arguments named {@code like} give a shape and no values; all sizes
 * must be known. What costs time or memory runs in the order in which it is added.
 */
public final class GradientOps {
  private final Scopes scopes;
  private final Ops tf;
  private final Path path;
  private final ConvolutionKernel kernel;

  /**
   * Derivatives.
   *
   * @param scopes where they go, beside what they are the derivatives of
   * @param kernel computes those of convolutions
   */
  public GradientOps(Scopes scopes, ConvolutionKernel kernel) {
    this(scopes, scopes.root(), Path.ROOT, kernel);
  }

  private GradientOps(Scopes scopes, Ops tf, Path path, ConvolutionKernel kernel) {
    this.scopes = scopes;
    this.tf = tf;
    this.path = path;
    this.kernel = kernel;
  }

  /** The same operations, named below {@code scope}, for example {@code block4/unit1}. */
  public GradientOps in(String scope) {
    Path inner = path.below(scope);
    return new GradientOps(scopes, scopes.enter(inner.scope()), inner, kernel);
  }

  /** Derivative of {@link NetworkOps#conv2d} by its map, of the shape of {@code like}. */
  public <T extends TFloating> Operand<T> conv2dInput(
      Operand<TFloat32> weights, Operand<T> dy, Operand<T> like, int stride, int rate) {
    return conv2dInput(weights, dy, like, stride, rate, PaddingMode.SYMMETRIC);
  }

  /** {@link #conv2dInput(Operand, Operand, Operand, int, int)} with a choice of padding. */
  public <T extends TFloating> Operand<T> conv2dInput(
      Operand<TFloat32> weights,
      Operand<T> dy,
      Operand<T> like,
      int stride,
      int rate,
      PaddingMode mode) {
    Window window = new Window(stride, rate, mode);
    return next(ops -> kernel.inputGradient(ops, weights, dy, like, window));
  }

  /** Derivative of {@link NetworkOps#conv2d} by its weights, of the shape of {@code like}. */
  public <T extends TFloating> Operand<TFloat32> conv2dFilter(
      Operand<T> x, Operand<T> dy, Operand<TFloat32> like, int stride, int rate) {
    return conv2dFilter(x, dy, like, stride, rate, PaddingMode.SYMMETRIC);
  }

  /** {@link #conv2dFilter(Operand, Operand, Operand, int, int)} with a choice of padding. */
  public <T extends TFloating> Operand<TFloat32> conv2dFilter(
      Operand<T> x, Operand<T> dy, Operand<TFloat32> like, int stride, int rate, PaddingMode mode) {
    Window window = new Window(stride, rate, mode);
    return next(ops -> kernel.filterGradient(ops, x, dy, like, window));
  }

  /**
   * What {@link #conv2dFilter} is at stride 1, tap by tap: for each tap of an odd kernel the
   * product of two matrices, of those pixels alone at which the tap meets the map. Fast where most
   * taps meet padding at most pixels.
   */
  public <T extends TFloating> Operand<TFloat32> conv2dFilterByTaps(
      Operand<T> x, Operand<T> dy, Operand<TFloat32> like, int rate) {
    int height = Math.toIntExact(like.shape().get(0));
    int width = Math.toIntExact(like.shape().get(1));
    List<Operand<T>> taps = new ArrayList<>();
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int down = rate * (row - height / 2);
        int right = rate * (column - width / 2);
        taps.add(
            next(
                ops ->
                    ops.linalg.matMul(
                        pixels(ops, x, down, right),
                        pixels(ops, dy, -down, -right),
                        MatMul.transposeA(true))));
      }
    }
    return next(
        ops ->
            Numbers.cast(
                ops, ops.reshape(ops.stack(taps), Sizes.of(tf, like.shape())), TFloat32.class));
  }

  /**
   * The part of a map that it shares with itself moved down and right (or up and left, where that
   * is negative): {@code [pixels, C]}, none if it is moved off itself.
   */
  private <T extends TFloating> Operand<T> pixels(Ops ops, Operand<T> map, int down, int right) {
    int[] begin = new int[4];
    int[] size = Sizes.of(map.shape());
    begin[1] = Math.min(Math.max(0, down), size[1]);
    begin[2] = Math.min(Math.max(0, right), size[2]);
    size[1] = Math.max(0, size[1] - Math.abs(down));
    size[2] = Math.max(0, size[2] - Math.abs(right));
    int[] matrix = {size[0] * size[1] * size[2], size[3]};
    boolean whole = down == 0 && right == 0;
    return ops.reshape(
        whole ? map : ops.slice(map, tf.constant(begin), tf.constant(size)), tf.constant(matrix));
  }

  private <T extends Op> T next(Function<Ops, T> operation) {
    return scopes.backward().next(tf, operation);
  }

  /** Derivatives of {@link NetworkOps#batchNormTraining}. */
  public <T extends TFloating> BatchNorm.Gradient<T> batchNorm(
      Operand<T> dy, BatchNorm<T> forward) {
    return scopes.backward().next(tf, ops -> forward.gradient(ops, dy), BatchNorm.Gradient::x);
  }

  /**
   * Derivatives of {@link NetworkOps#batchNorm}; mean and variance are not differentiated.
   *
   * @param x the map that was normalised
   */
  public <T extends TFloating> BatchNorm.Gradient<T> frozenBatchNorm(
      Operand<T> dy,
      Operand<T> x,
      Operand<TFloat32> gamma,
      Operand<TFloat32> mean,
      Operand<TFloat32> variance,
      float epsilon) {
    FrozenBatchNorm forward = new FrozenBatchNorm(gamma, mean, variance, epsilon);
    return scopes.backward().next(tf, ops -> forward.gradient(ops, dy, x), BatchNorm.Gradient::x);
  }

  /** Derivative of {@link NetworkOps#widen}: {@code dy} in the numbers of {@code like}. */
  public <T extends TFloating> Operand<T> narrow(Operand<TFloat32> dy, Operand<T> like) {
    return Numbers.cast(tf, dy, like.type());
  }

  /**
   * Derivative of {@link NetworkOps#relu}, given its output (or input: both have the same sign).
   */
  public <T extends TFloating> Operand<T> relu(Operand<T> dy, Operand<T> y) {
    return tf.nn.reluGrad(dy, y);
  }

  /**
   * Derivative of {@link NetworkOps#maxPool}: {@code dy} goes to the first maximum of each window.
   */
  public <T extends TFloating> Operand<T> maxPool(
      Operand<T> x, Operand<T> y, Operand<T> dy, int kernel, int stride) {
    return maxPool(x, y, dy, kernel, stride, PaddingMode.SYMMETRIC);
  }

  /** {@link #maxPool(Operand, Operand, Operand, int, int)} with a choice of padding. */
  public <T extends TFloating> Operand<T> maxPool(
      Operand<T> x, Operand<T> y, Operand<T> dy, int kernel, int stride, PaddingMode mode) {
    return new MaxPool(kernel, new Window(stride, 1, mode)).gradient(tf, x, y, dy);
  }

  /** Derivative of {@link NetworkOps#subsample}: {@code dy} with zeros between. */
  public <T extends TFloating> Operand<T> subsample(Operand<T> dy, Operand<T> like, int stride) {
    if (stride == 1) {
      return dy;
    }
    int[] end = Sizes.of(like.shape());
    return tf.stridedSliceGrad(
        tf.constant(end),
        tf.constant(new int[4]),
        tf.constant(end),
        tf.constant(new int[] {1, stride, stride, 1}),
        dy);
  }

  /** Derivative of {@link NetworkOps#globalAveragePool}. */
  public <T extends TFloating> Operand<T> globalAveragePool(Operand<TFloat32> dy, Operand<T> like) {
    Shape shape = like.shape();
    float share = 1f / (shape.get(1) * shape.get(2));
    Operand<T> each = Numbers.cast(tf, tf.math.mul(dy, tf.constant(share)), like.type());
    return tf.broadcastTo(each, Sizes.of(tf, shape));
  }

  /** Derivative of {@link NetworkOps#broadcast}, and of the second argument of addPerImage. */
  public Operand<TFloat32> sumPerImage(Operand<? extends TFloating> dy) {
    return tf.sum(wide(dy), tf.constant(new int[] {1, 2}), Sum.keepDims(true));
  }

  /** The sum of two derivatives by one value that is used twice. */
  public <T extends TFloating> Operand<T> add(Operand<T> a, Operand<T> b) {
    return next(ops -> ops.math.add(a, b));
  }

  /** Derivative of {@link NetworkOps#addBias} by the bias. */
  public Operand<TFloat32> bias(Operand<? extends TFloating> dy) {
    return tf.nn.biasAddGrad(wide(dy));
  }

  private Operand<TFloat32> wide(Operand<? extends TFloating> x) {
    return Numbers.cast(tf, x, TFloat32.class);
  }

  /** Derivative of {@link NetworkOps#slice}: {@code dy} with zeros around. */
  public <T extends TFloating> Operand<T> slice(
      Operand<T> dy, Operand<T> like, int axis, int begin, int end) {
    int[][] margins = new int[like.shape().numDimensions()][2];
    margins[axis][0] = begin;
    margins[axis][1] = Math.toIntExact(like.shape().get(axis)) - end;
    return tf.pad(dy, tf.constant(margins), Numbers.cast(tf, tf.constant(0f), dy.type()));
  }

  /** Derivative of {@link NetworkOps#interpolate}. */
  public Operand<TFloat32> interpolate(
      Operand<TFloat32> dy, Operand<TFloat32> like, boolean alignCorners) {
    return new Bilinear(tf, like, dy, alignCorners).transpose(dy);
  }

  /**
   * Every element times that of {@code factors}, or times a scalar: a derivative that a factor
   * passes through.
   */
  public <T extends TFloating> Operand<T> multiply(Operand<T> x, Operand<TFloat32> factors) {
    return Numbers.cast(tf, tf.math.mul(wide(x), factors), x.type());
  }
}
