package dev.atrous.runtime.kernel;

import dev.atrous.runtime.op.ConvolutionKernel;
import dev.atrous.runtime.op.PaddingMode;
import dev.atrous.runtime.op.TensorFlowKernel;
import dev.atrous.runtime.op.Window;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.Race;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Atrous convolutions with stride 1 as dense ones of smaller maps: at rate r, the pixels whose rows
 * and whose columns are a multiple of r apart never meet the others, so a map is r * r maps, one
 * after the other in the batch. Zeros fill it up to a multiple of r. Everything else by another
 * kernel.
 *
 * <p>For XLA on a GPU: seen in its optimised programs, XLA takes every convolution whose filter is
 * dilated for the derivative of a strided one by its filter, and calls cuDNN's kernel for that with
 * a filter as large as the map, on transposed maps. A dense convolution it takes for what it is.
 */
final class SpaceToBatchKernel implements ConvolutionKernel {
  /** How much faster it has to be. */
  private static final double LEAST = 1.1;

  /** What races on the GPU showed, by the numbers of maps. */
  private static final Map<Class<?>, Boolean> ON_GPU = new ConcurrentHashMap<>();

  private static final Window DENSE = new Window(1, 1, PaddingMode.SYMMETRIC);

  private final ConvolutionKernel others;

  /**
   * @param others computes the dense convolutions, and what is not computed so
   */
  SpaceToBatchKernel(ConvolutionKernel others) {
    this.others = others;
  }

  /**
   * Whether it is clearly faster under XLA on the GPU, which is measured once in a process: a
   * convolution of block 3 of a ResNet, and its two derivatives.
   *
   * @param maps the numbers of feature maps
   */
  static boolean paysOnGpu(Class<? extends TFloating> maps) {
    return ON_GPU.computeIfAbsent(maps, numbers -> isFaster(Device.GPU, maps, LEAST, 65, 256));
  }

  /**
   * Whether it is {@code least} times as fast.
   *
   * @param size of the maps
   * @param channels of the maps
   */
  static <T extends TFloating> boolean isFaster(
      Device device, Class<T> maps, double least, int size, int channels) {
    return Race.underXla(device)
        .isWonBy(
            "atrous convolutions of " + maps.getSimpleName() + " as dense ones of smaller maps",
            least,
            tf -> {
              Operand<T> map = random(tf, maps, 4, size, size, channels);
              return List.of(map, map, random(tf, TFloat32.class, 3, 3, channels, channels));
            },
            SpaceToBatchKernel.<T>step(new TensorFlowKernel()),
            SpaceToBatchKernel.<T>step(new SpaceToBatchKernel(new TensorFlowKernel())));
  }

  @SuppressWarnings("unchecked") // the inputs are those above
  private static <T extends TFloating> Race.Way step(ConvolutionKernel kernel) {
    Window window = new Window(1, 4, PaddingMode.SYMMETRIC);
    return (tf, inputs) -> {
      Operand<T> x = (Operand<T>) inputs.get(0);
      Operand<T> dy = (Operand<T>) inputs.get(1);
      Operand<TFloat32> weights = (Operand<TFloat32>) inputs.get(2);
      return tf.math.addN(
          List.of(
              sum(tf, kernel.convolve(tf, x, weights, window)),
              sum(tf, kernel.inputGradient(tf, weights, dy, x, window)),
              sum(tf, kernel.filterGradient(tf, x, dy, weights, window))));
    };
  }

  private static <T extends TFloating> Operand<T> random(Ops tf, Class<T> type, int... shape) {
    return tf.random.statelessRandomNormal(tf.constant(shape), tf.constant(new int[] {1, 2}), type);
  }

  private static Operand<TFloat32> sum(Ops tf, Operand<? extends TFloating> value) {
    return tf.sum(tf.dtypes.cast(value, TFloat32.class), tf.constant(new int[] {0, 1, 2, 3}));
  }

  private static boolean suits(Operand<?> map, Shape weights, Window window) {
    Shape shape = map.shape();
    return window.stride() == 1
        && window.rate() > 1
        && weights.get(0) % 2 == 1
        && weights.get(1) % 2 == 1
        && shape.get(1) > 0
        && shape.get(2) > 0;
  }

  @Override
  public <T extends TFloating> Operand<T> convolve(
      Ops tf, Operand<T> x, Operand<TFloat32> weights, Window window) {
    if (!suits(x, weights.shape(), window)) {
      return others.convolve(tf, x, weights, window);
    }
    return new Split(tf, x.shape(), window.rate())
        .apply(x, maps -> others.convolve(tf, maps, weights, DENSE));
  }

  @Override
  public <T extends TFloating> Operand<T> inputGradient(
      Ops tf, Operand<TFloat32> weights, Operand<T> dy, Operand<T> like, Window window) {
    if (!suits(like, weights.shape(), window)) {
      return others.inputGradient(tf, weights, dy, like, window);
    }
    Split split = new Split(tf, like.shape(), window.rate());
    Operand<T> maps = split.maps(like);
    return split.apply(dy, parts -> others.inputGradient(tf, weights, parts, maps, DENSE));
  }

  @Override
  public <T extends TFloating> Operand<TFloat32> filterGradient(
      Ops tf, Operand<T> x, Operand<T> dy, Operand<TFloat32> like, Window window) {
    if (!suits(x, like.shape(), window)) {
      return others.filterGradient(tf, x, dy, like, window);
    }
    Split split = new Split(tf, x.shape(), window.rate());
    return others.filterGradient(tf, split.maps(x), split.maps(dy), like, DENSE);
  }

  /** How maps of one size become smaller ones, and these the map again. */
  private static final class Split {
    private final Ops tf;
    private final Operand<TInt32> block;
    private final Operand<TInt32> margins;

    Split(Ops tf, Shape map, int rate) {
      this.tf = tf;
      block = tf.constant(new int[] {rate, rate});
      margins =
          tf.constant(new int[][] {{0, missing(map.get(1), rate)}, {0, missing(map.get(2), rate)}});
    }

    private static int missing(long size, int rate) {
      return Math.toIntExact(Math.floorMod(-size, (long) rate));
    }

    /** {@code [N, H, W, C]} to {@code [N * rate * rate, H / rate, W / rate, C]}, rounded up. */
    <T extends TFloating> Operand<T> maps(Operand<T> map) {
      return tf.spaceToBatchNd(map, block, margins);
    }

    <T extends TFloating> Operand<T> apply(Operand<T> map, UnaryOperator<Operand<T>> dense) {
      return tf.batchToSpaceNd(dense.apply(maps(map)), block, margins);
    }
  }
}
