package dev.atrous.runtime.kernel;

import dev.atrous.runtime.op.Window;
import dev.atrous.runtime.tensorflow.Cpu;
import dev.atrous.runtime.tensorflow.Precision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.OperationBuilder;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/**
 * Winograd's minimal filtering of 3 x 3 convolutions with stride 1, atrous or not, and their
 * derivatives (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016, F(4x4,
 * 3x3)): 16 outputs take 36 multiplications for each pair of channels, where a convolution takes
 * 144. What comes on top are linear transforms of maps, cut into {@link WinogradTiles}, and of
 * filters; for many channels they are cheap, since each is a product with a small matrix.
 *
 * <p>In float32 results differ from those of the convolution by rounding, by about 3e-6 of their
 * root mean square. For CPUs: on a GPU, cuDNN chooses such algorithms by itself.
 */
final class Winograd {
  /** Transforms the 6 x 6 inputs of a tile. */
  private static final float[][] INPUT;

  /** Transforms the 3 x 3 weights of a filter. */
  private static final float[][] FILTER;

  /** Transforms a filter that is turned by 180 degrees. */
  private static final float[][] TURNED_FILTER;

  /** Makes derivatives by a filter of the products. */
  private static final float[][] FILTER_GRADIENT;

  /** Makes the 4 x 4 outputs of a tile of the products. */
  private static final float[][] OUTPUT;

  /** Transforms derivatives by the outputs of a tile. */
  private static final float[][] OUTPUT_GRADIENT;

  static {
    double[][] input = {
      {4, 0, -5, 0, 1, 0},
      {0, -4, -4, 1, 1, 0},
      {0, 4, -4, -1, 1, 0},
      {0, -2, -1, 2, 1, 0},
      {0, 2, -1, -2, 1, 0},
      {0, 4, 0, -5, 0, 1}
    };
    double[][] filter = {
      {1 / 4., 0, 0},
      {-1 / 6., -1 / 6., -1 / 6.},
      {-1 / 6., 1 / 6., -1 / 6.},
      {1 / 24., 1 / 12., 1 / 6.},
      {1 / 24., -1 / 12., 1 / 6.},
      {0, 0, 1}
    };
    double[][] output = {
      {1, 1, 1, 1, 1, 0}, {0, 1, -1, 2, -2, 0}, {0, 1, 1, 4, 4, 0}, {0, 1, -1, 8, -8, 1}
    };
    INPUT = ofBothAxes(input);
    FILTER = ofBothAxes(filter);
    TURNED_FILTER = ofBothAxes(turned(filter));
    FILTER_GRADIENT = ofBothAxes(transposed(filter));
    OUTPUT = ofBothAxes(output);
    OUTPUT_GRADIENT = ofBothAxes(transposed(output));
  }

  /** Filters, one for each pair of channels, that are transformed at once: to 9 MB. */
  private static final int FILTERS_AT_ONCE = 1 << 16;

  private static final String ONEDNN_PRODUCT = "_MklBatchMatMulV2";

  /** With fewer channels, the transforms cost what the products save. */
  private static final int LEAST_CHANNELS = 256;

  /** The transforms' cost goes with the sum of both channels, what is saved with their product. */
  private static final int MOST_CHANNELS_BY_LEAST = 4;

  /**
   * What tiles depend on.
   *
   * @param map a shape, or a map of unknown size
   */
  private record Size(Object map, int rate) {}

  private final Map<Size, WinogradTiles> tiles = new HashMap<>();
  private final Ops tf;
  private final Constants constants;
  private final boolean oneDnn;

  /**
   * @param graph where to find out where tiles lie
   */
  Winograd(Ops graph) {
    this(graph, OneDnn.has(ONEDNN_PRODUCT));
  }

  /**
   * @param oneDnn whether convolutions and products are computed by oneDNN
   */
  Winograd(Ops graph, boolean oneDnn) {
    this.oneDnn = oneDnn;
    tf = graph.withSubScope("winograd");
    constants = new Constants(tf);
  }

  /**
   * Whether to use it at all in a graph of a precision on a CPU: with bfloat16 too, unless the
   * processor multiplies matrices of it. Without such instructions (AMX), bfloat16 makes a
   * convolution twice as fast at best; this makes it 1.5 to 2.3 times as fast, in float32.
   */
  static boolean suits(Precision precision) {
    return precision == Precision.FLOAT32
        || (OneDnn.has(ONEDNN_PRODUCT) && !Cpu.multipliesBfloat16Matrices());
  }

  /**
   * Whether a convolution can be computed so and has enough channels to be faster.
   *
   * @param weights {@code [kernel, kernel, C, D]}
   */
  static boolean suits(Shape weights, int stride) {
    long least = Math.min(weights.get(2), weights.get(3));
    long most = Math.max(weights.get(2), weights.get(3));
    return isPossible(weights, stride)
        && least >= LEAST_CHANNELS
        && most <= MOST_CHANNELS_BY_LEAST * least;
  }

  private static boolean isPossible(Shape weights, int stride) {
    return weights.get(0) == 3 && weights.get(1) == 3 && stride == 1;
  }

  /**
   * Whether maps are large enough for a convolution that suits to be faster so, and their size such
   * that not too much of the tiles lies outside: a scalar.
   *
   * @param like {@code [N, H, W, *]} of any size
   */
  Operand<TBool> isFaster(Operand<TFloat32> like, int rate) {
    return tiles(like, rate).areFaster();
  }

  /**
   * Whether to compute a convolution of a map of known size so: where it is faster. With
   * TensorFlow's own products it is not.
   *
   * @param map {@code [N, H, W, C]}
   * @param weights {@code [kernel, kernel, C, D]}
   */
  boolean convolves(Shape map, Shape weights, Window window) {
    return oneDnn && suits(weights, window.stride()) && WinogradTiles.areFaster(map, window.rate());
  }

  /**
   * Whether to compute the derivatives of a convolution so: where that is faster, and those of
   * atrous convolutions where oneDNN is missing, because TensorFlow can't compute them on a CPU.
   */
  boolean differentiates(Shape map, Shape weights, Window window) {
    return convolves(map, weights, window)
        || (!oneDnn && window.rate() > 1 && isPossible(weights, window.stride()));
  }

  /**
   * The convolution, with zeros around the map.
   *
   * @param x {@code [N, H, W, C]}; N, H and W may be unknown
   * @param weights {@code [3, 3, C, D]}
   * @param like {@code [N, H, W, *]}: where tiles lie is found once for all convolutions with one
   * @return {@code [N, H, W, D]}
   */
  Operand<TFloat32> convolve(
      Ops tf, Operand<TFloat32> x, Operand<TFloat32> weights, int rate, Operand<TFloat32> like) {
    return convolve(tf, x, weights, tiles(like, rate), false);
  }

  /**
   * The convolution's derivative by its map: a convolution with the filter turned, from its outputs
   * to its inputs.
   *
   * @param dy {@code [N, H, W, D]}
   * @param weights {@code [3, 3, C, D]}
   * @return {@code [N, H, W, C]}
   */
  Operand<TFloat32> inputGradient(
      Ops tf, Operand<TFloat32> dy, Operand<TFloat32> weights, int rate) {
    return convolve(tf, dy, weights, tiles(dy, rate), true);
  }

  /**
   * @param turned whether the filter is turned by 180 degrees and leads from its outputs to its
   *     inputs
   */
  private Operand<TFloat32> convolve(
      Ops tf, Operand<TFloat32> x, Operand<TFloat32> weights, WinogradTiles tiles, boolean turned) {
    Operand<TFloat32> inputs = transform(tf, INPUT, tiles.inputs(tf, x));
    return inParts(
        tf,
        inputs,
        weights,
        turned ? 2 : 3,
        (then, some) -> {
          Operand<TFloat32> taps =
              then.reshape(some, constants.vector(9, size(some, 2), size(some, 3)));
          Operand<TFloat32> filters = transform(then, turned ? TURNED_FILTER : FILTER, taps);
          Operand<TFloat32> products = product(then, inputs, false, filters, turned);
          return tiles.join(then, transform(then, OUTPUT, products));
        });
  }

  /**
   * The convolution's derivative by its weights.
   *
   * @param x {@code [N, H, W, C]}
   * @param dy {@code [N, H, W, D]}
   * @return {@code [3, 3, C, D]}
   */
  Operand<TFloat32> filterGradient(Ops tf, Operand<TFloat32> x, Operand<TFloat32> dy, int rate) {
    WinogradTiles tiles = tiles(x, rate);
    Operand<TFloat32> inputs = transform(tf, INPUT, tiles.inputs(tf, x));
    int channels = size(x, 3);
    return inParts(
        tf,
        inputs,
        dy,
        3,
        (then, some) -> {
          Operand<TFloat32> outputs = transform(then, OUTPUT_GRADIENT, tiles.outputs(then, some));
          return then.reshape(
              transform(then, FILTER_GRADIENT, product(then, inputs, true, outputs, false)),
              constants.vector(3, 3, channels, size(some, 3)));
        });
  }

  private interface Part {
    Operand<TFloat32> of(Ops tf, Operand<TFloat32> some);
  }

  /**
   * Some output channels after the others: transformed filters, and derivatives by them, take four
   * times the memory of filters.
   *
   * @param inputs {@code [36, T, input channels]}
   * @param whole what the result depends on beside them
   * @param axis of the output channels in it
   */
  private Operand<TFloat32> inParts(
      Ops tf, Operand<TFloat32> inputs, Operand<TFloat32> whole, int axis, Part part) {
    int channels = size(whole, axis);
    int step = Math.max(1, FILTERS_AT_ONCE / size(inputs, 2));
    Operand<TFloat32> last = inputs;
    List<Operand<TFloat32>> parts = new ArrayList<>();
    for (int begin = 0; begin < channels; begin += step) {
      Ops then = tf.withControlDependencies(List.of(last));
      int[] from = new int[4];
      int[] size = {-1, -1, -1, -1};
      from[axis] = begin;
      size[axis] = Math.min(step, channels - begin);
      Operand<TFloat32> some =
          step >= channels
              ? whole
              : then.slice(whole, constants.vector(from), constants.vector(size));
      last = part.of(then, some);
      parts.add(last);
    }
    return parts.size() == 1 ? last : tf.concat(parts, constants.number(3));
  }

  /** Where the tiles of a map lie, which is found once for all maps of one size. */
  private WinogradTiles tiles(Operand<TFloat32> like, int rate) {
    Shape shape = like.shape();
    Size size = new Size(shape.hasUnknownDimension() ? like : shape.take(3), rate);
    return tiles.computeIfAbsent(size, s -> new WinogradTiles(tf, constants, like, rate));
  }

  /**
   * Transforms tiles or filters of L points to M points.
   *
   * @param matrix {@code [M, L]}
   * @param x {@code [L, A, B]}
   * @return {@code [M, A, B]}
   */
  private Operand<TFloat32> transform(Ops tf, float[][] matrix, Operand<TFloat32> x) {
    Operand<TFloat32> flat = tf.reshape(x, constants.vector(size(x, 0), -1));
    return tf.reshape(
        product(tf, constants.matrix(matrix), false, flat, false),
        constants.vector(matrix.length, -1, size(x, 2)));
  }

  private static int size(Operand<TFloat32> x, int axis) {
    return Math.toIntExact(x.shape().get(axis));
  }

  /**
   * Products of matrices, or of as many pairs of matrices, each transposed first if wanted. By its
   * internal name oneDNN's product stays in float32 where TensorFlow rewrites others to bfloat16,
   * which is too coarse for the sums of the transforms.
   */
  private Operand<TFloat32> product(
      Ops tf, Operand<TFloat32> a, boolean turnA, Operand<TFloat32> b, boolean turnB) {
    OperationBuilder product =
        oneDnn
            ? OneDnn.operation(tf, ONEDNN_PRODUCT, "Product")
            : tf.scope().opBuilder("BatchMatMulV2", "Product");
    return product
        .addInput(a.asOutput())
        .addInput(b.asOutput())
        .setAttr("adj_x", turnA)
        .setAttr("adj_y", turnB)
        .build()
        .output(0);
  }

  /** What transforms a square, by what transforms a row. */
  private static float[][] ofBothAxes(double[][] m) {
    int rows = m.length;
    int columns = m[0].length;
    float[][] product = new float[rows * rows][columns * columns];
    for (int i = 0; i < rows * rows; i++) {
      for (int j = 0; j < columns * columns; j++) {
        product[i][j] = (float) (m[i / rows][j / columns] * m[i % rows][j % columns]);
      }
    }
    return product;
  }

  private static double[][] transposed(double[][] m) {
    double[][] transposed = new double[m[0].length][m.length];
    for (int i = 0; i < m.length; i++) {
      for (int j = 0; j < m[i].length; j++) {
        transposed[j][i] = m[i][j];
      }
    }
    return transposed;
  }

  private static double[][] turned(double[][] m) {
    double[][] turned = new double[m.length][m[0].length];
    for (int i = 0; i < m.length; i++) {
      for (int j = 0; j < m[i].length; j++) {
        turned[i][m[i].length - 1 - j] = m[i][j];
      }
    }
    return turned;
  }
}
