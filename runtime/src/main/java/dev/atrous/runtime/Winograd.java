package dev.atrous.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
public final class Winograd {
  /** Transforms the 6 inputs of a row of a tile. */
  private static final double[][] INPUT = {
    {4, 0, -5, 0, 1, 0},
    {0, -4, -4, 1, 1, 0},
    {0, 4, -4, -1, 1, 0},
    {0, -2, -1, 2, 1, 0},
    {0, 2, -1, -2, 1, 0},
    {0, 4, 0, -5, 0, 1}
  };

  /** Transforms the 3 weights of a row of a filter. */
  private static final double[][] FILTER = {
    {1 / 4., 0, 0},
    {-1 / 6., -1 / 6., -1 / 6.},
    {-1 / 6., 1 / 6., -1 / 6.},
    {1 / 24., 1 / 12., 1 / 6.},
    {1 / 24., -1 / 12., 1 / 6.},
    {0, 0, 1}
  };

  /** Of a filter that is turned by 180 degrees. */
  private static final double[][] TURNED_FILTER = turned(FILTER);

  /** Makes the 4 outputs of a row of a tile from the products. */
  private static final double[][] OUTPUT = {
    {1, 1, 1, 1, 1, 0}, {0, 1, -1, 2, -2, 0}, {0, 1, 1, 4, 4, 0}, {0, 1, -1, 8, -8, 1}
  };

  /** Filters, one for each pair of channels, that are transformed at once: to 9 MB. */
  private static final int FILTERS_AT_ONCE = 1 << 16;

  private static final String ONEDNN_PRODUCT = "_MklBatchMatMulV2";

  /** With fewer channels, the transforms cost what the products save. */
  private static final int LEAST_CHANNELS = 256;

  /**
   * For a graph of a precision on a CPU: with bfloat16 too, unless the processor multiplies
   * matrices of it. Without such instructions (AMX), bfloat16 makes a convolution twice as fast at
   * best, and this is 2.2 times as fast.
   *
   * @return null if convolutions are faster without
   */
  public static @Nullable Winograd of(Precision precision) {
    boolean faster =
        precision == Precision.FLOAT32
            || (OneDnn.has(ONEDNN_PRODUCT) && !Cpu.multipliesBfloat16Matrices());
    return faster ? new Winograd() : null;
  }

  /** The transforms' cost goes with the sum of both channels, what is saved with their product. */
  private static final int MOST_CHANNELS_BY_LEAST = 4;

  private record Size(Shape map, int rate) {}

  private final Map<Size, WinogradTiles> tiles = new HashMap<>();

  /**
   * Whether a convolution can be computed so and has enough channels to be faster.
   *
   * @param weights {@code [kernel, kernel, C, D]}
   */
  public static boolean suits(Shape weights, int stride) {
    long least = Math.min(weights.get(2), weights.get(3));
    long most = Math.max(weights.get(2), weights.get(3));
    return weights.get(0) == 3
        && weights.get(1) == 3
        && stride == 1
        && least >= LEAST_CHANNELS
        && most <= MOST_CHANNELS_BY_LEAST * least;
  }

  /**
   * Whether the map is large enough for a convolution that suits to be faster so, and its size such
   * that not too much of the tiles lies outside: a scalar.
   *
   * @param x {@code [N, H, W, C]} of any size
   */
  public Operand<TBool> isFaster(Ops tf, Operand<TFloat32> x, int rate) {
    return tiles(tf, x, rate).areFaster();
  }

  /**
   * Whether a convolution of a map of known size suits and is faster so.
   *
   * @param map {@code [N, H, W, C]}
   * @param weights {@code [kernel, kernel, C, D]}
   */
  boolean isFaster(Shape map, Shape weights, int stride, int rate) {
    return suits(weights, stride) && WinogradTiles.areFaster(map, rate);
  }

  /**
   * The convolution, with zeros around the map.
   *
   * @param x {@code [N, H, W, C]}; N, H and W may be unknown
   * @param weights {@code [3, 3, C, D]}
   * @return {@code [N, H, W, D]}
   */
  public Operand<TFloat32> convolve(
      Ops tf, Operand<TFloat32> x, Operand<TFloat32> weights, int rate) {
    WinogradTiles tiles = tiles(tf, x, rate);
    Operand<TFloat32> inputs = transform(tf, INPUT, tiles.inputs(tf, x));
    return inParts(
        tf,
        inputs,
        weights,
        3,
        (then, some) ->
            outputs(then, tiles, product(then, inputs, false, filters(then, FILTER, some), false)));
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
    WinogradTiles tiles = tiles(tf, dy, rate);
    Operand<TFloat32> inputs = transform(tf, INPUT, tiles.inputs(tf, dy));
    return inParts(
        tf,
        inputs,
        weights,
        2,
        (then, some) ->
            outputs(
                then,
                tiles,
                product(then, inputs, false, filters(then, TURNED_FILTER, some), true)));
  }

  private static Operand<TFloat32> outputs(
      Ops tf, WinogradTiles tiles, Operand<TFloat32> products) {
    return tiles.join(tf, transform(tf, OUTPUT, products));
  }

  /**
   * The convolution's derivative by its weights.
   *
   * @param x {@code [N, H, W, C]}
   * @param dy {@code [N, H, W, D]}
   * @return {@code [3, 3, C, D]}
   */
  Operand<TFloat32> filterGradient(Ops tf, Operand<TFloat32> x, Operand<TFloat32> dy, int rate) {
    WinogradTiles tiles = tiles(tf, x, rate);
    Operand<TFloat32> inputs = transform(tf, INPUT, tiles.inputs(tf, x));
    long channels = x.shape().get(3);
    return inParts(
        tf,
        inputs,
        dy,
        3,
        (then, some) -> {
          Operand<TFloat32> outputs =
              transform(then, transposed(OUTPUT), tiles.outputs(then, some));
          return then.reshape(
              transform(then, transposed(FILTER), product(then, inputs, true, outputs, false)),
              then.constant(new long[] {3, 3, channels, some.shape().get(3)}));
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
  private static Operand<TFloat32> inParts(
      Ops tf, Operand<TFloat32> inputs, Operand<TFloat32> whole, int axis, Part part) {
    long channels = whole.shape().get(axis);
    long step = Math.max(1, FILTERS_AT_ONCE / inputs.shape().get(2));
    Operand<TFloat32> last = inputs;
    List<Operand<TFloat32>> parts = new ArrayList<>();
    for (long begin = 0; begin < channels; begin += step) {
      Ops then = tf.withControlDependencies(List.of(last));
      long[] from = new long[4];
      long[] size = {-1, -1, -1, -1};
      from[axis] = begin;
      size[axis] = Math.min(step, channels - begin);
      Operand<TFloat32> some =
          step >= channels ? whole : then.slice(whole, then.constant(from), then.constant(size));
      last = part.of(then, some);
      parts.add(last);
    }
    return parts.size() == 1 ? last : tf.concat(parts, tf.constant(3));
  }

  /** {@code [36, C, D]}. */
  private static Operand<TFloat32> filters(Ops tf, double[][] matrix, Operand<TFloat32> weights) {
    Shape shape = weights.shape();
    long[] taps = {9, shape.get(2), shape.get(3)};
    return transform(tf, matrix, tf.reshape(weights, tf.constant(taps)));
  }

  /** Where the tiles of a map lie; found once for maps of one known size. */
  private WinogradTiles tiles(Ops tf, Operand<TFloat32> x, int rate) {
    return x.shape().hasUnknownDimension()
        ? new WinogradTiles(tf, x, rate)
        : tiles.computeIfAbsent(
            new Size(x.shape().take(3), rate), size -> new WinogradTiles(tf, x, rate));
  }

  /**
   * Transforms both axes of tiles or filters.
   *
   * @param matrix transforms one axis, of length L to length M
   * @param x {@code [L * L, A, B]}
   * @return {@code [M * M, A, B]}
   */
  private static Operand<TFloat32> transform(Ops tf, double[][] matrix, Operand<TFloat32> x) {
    int rows = matrix.length * matrix.length;
    long columns = x.shape().get(0);
    long last = x.shape().get(2);
    Operand<TFloat32> transformed =
        product(
            tf,
            tf.constant(ofBothAxes(matrix)),
            false,
            tf.reshape(x, tf.constant(new long[] {columns, -1})),
            false);
    return tf.reshape(transformed, tf.constant(new long[] {rows, -1, last}));
  }

  /**
   * Products of matrices, or of as many pairs of matrices, each transposed first if wanted. By its
   * internal name oneDNN's product stays in float32 where TensorFlow rewrites others to bfloat16,
   * which is too coarse for the sums of the transforms.
   */
  private static Operand<TFloat32> product(
      Ops tf, Operand<TFloat32> a, boolean turnA, Operand<TFloat32> b, boolean turnB) {
    OperationBuilder product =
        OneDnn.has(ONEDNN_PRODUCT)
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
