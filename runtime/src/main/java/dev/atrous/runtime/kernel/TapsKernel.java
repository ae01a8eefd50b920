package dev.atrous.runtime.kernel;

import dev.atrous.runtime.op.ConvolutionKernel;
import dev.atrous.runtime.op.Numbers;
import dev.atrous.runtime.op.PaddingMode;
import dev.atrous.runtime.op.TensorFlowKernel;
import dev.atrous.runtime.op.Window;
import dev.atrous.runtime.tensorflow.Race;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * Atrous convolutions of maps in bfloat16 by {@link Taps}, everything else by another kernel. On
 * processors that multiply matrices of bfloat16 (AMX), oneDNN's atrous convolutions were seen to be
 * ten times as slow as its dense ones.
 */
final class TapsKernel implements ConvolutionKernel {
  /** How much faster taps have to be. */
  private static final double LEAST = 1.5;

  private final ConvolutionKernel others;

  /**
   * @param others computes what is not computed so
   */
  TapsKernel(ConvolutionKernel others) {
    this.others = others;
  }

  private static final class Holder {
    static final boolean PAYS =
        Race.onCpu()
            .isWonBy(
                "atrous convolutions in bfloat16 by taps",
                LEAST,
                tf ->
                    List.of(
                        tf.ones(tf.constant(new int[] {1, 33, 33, 512}), TBfloat16.class),
                        tf.ones(tf.constant(new int[] {3, 3, 512, 64}), TFloat32.class)),
                convolution(new TensorFlowKernel()),
                convolution(new TapsKernel(new TensorFlowKernel())));
  }

  /** Whether taps are clearly faster on this machine, which is measured once in a process. */
  static boolean pays() {
    return Holder.PAYS;
  }

  @SuppressWarnings("unchecked") // the inputs are those above
  private static Race.Way convolution(ConvolutionKernel kernel) {
    Window window = new Window(1, 12, PaddingMode.SYMMETRIC);
    return (tf, inputs) -> {
      Operand<TBfloat16> map = (Operand<TBfloat16>) inputs.get(0);
      Operand<TFloat32> weights = (Operand<TFloat32>) inputs.get(1);
      return kernel.convolve(tf, map, weights, window);
    };
  }

  /** Whether a convolution is computed so. */
  static boolean suits(Class<? extends TFloating> numbers, Shape weights, Window window) {
    return numbers != TFloat32.class
        && window.stride() == 1
        && window.rate() > 1
        && weights.get(0) % 2 == 1
        && weights.get(1) % 2 == 1;
  }

  @Override
  public <T extends TFloating> Operand<T> convolve(
      Ops tf, Operand<T> x, Operand<TFloat32> weights, Window window) {
    if (!suits(x.type(), weights.shape(), window)) {
      return others.convolve(tf, x, weights, window);
    }
    Operand<T> rounded = Numbers.cast(tf, weights, x.type());
    Operand<TFloat32> y = new Taps(tf, x, window.rate()).convolve(x, rounded);
    return Numbers.cast(tf, y, x.type());
  }

  @Override
  public <T extends TFloating> Operand<T> inputGradient(
      Ops tf, Operand<TFloat32> weights, Operand<T> dy, Operand<T> like, Window window) {
    if (!suits(dy.type(), weights.shape(), window)) {
      return others.inputGradient(tf, weights, dy, like, window);
    }
    Operand<T> rounded = Numbers.cast(tf, weights, dy.type());
    Operand<TFloat32> dx = new Taps(tf, dy, window.rate()).inputGradient(dy, rounded);
    return Numbers.cast(tf, dx, dy.type());
  }

  @Override
  public <T extends TFloating> Operand<TFloat32> filterGradient(
      Ops tf, Operand<T> x, Operand<T> dy, Operand<TFloat32> like, Window window) {
    return suits(x.type(), like.shape(), window)
        ? new Taps(tf, x, window.rate()).filterGradient(x, dy, like.shape())
        : others.filterGradient(tf, x, dy, like, window);
  }
}
