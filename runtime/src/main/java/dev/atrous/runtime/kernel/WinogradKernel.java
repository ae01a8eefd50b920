package dev.atrous.runtime.kernel;

import dev.atrous.runtime.op.ConvolutionKernel;
import dev.atrous.runtime.op.Numbers;
import dev.atrous.runtime.op.Window;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * Convolutions of a training step on a CPU: by {@link Winograd}'s filtering where that is faster,
 * or possible only, in float32; by another kernel otherwise.
 */
final class WinogradKernel implements ConvolutionKernel {
  private final Winograd winograd;
  private final ConvolutionKernel others;

  /**
   * @param others computes what is not filtered so
   */
  WinogradKernel(Winograd winograd, ConvolutionKernel others) {
    this.winograd = winograd;
    this.others = others;
  }

  @Override
  public <T extends TFloating> Operand<T> convolve(
      Ops tf, Operand<T> x, Operand<TFloat32> weights, Window window) {
    if (!winograd.convolves(x.shape(), weights.shape(), window)) {
      return others.convolve(tf, x, weights, window);
    }
    Operand<TFloat32> wide = wide(tf, x);
    Operand<TFloat32> y = winograd.convolve(tf, wide, weights, window.rate(), wide);
    return Numbers.cast(tf, y, x.type());
  }

  @Override
  public <T extends TFloating> Operand<T> inputGradient(
      Ops tf, Operand<TFloat32> weights, Operand<T> dy, Operand<T> like, Window window) {
    if (!winograd.differentiates(dy.shape(), weights.shape(), window)) {
      return others.inputGradient(tf, weights, dy, like, window);
    }
    Operand<TFloat32> dx = winograd.inputGradient(tf, wide(tf, dy), weights, window.rate());
    return Numbers.cast(tf, dx, dy.type());
  }

  @Override
  public <T extends TFloating> Operand<TFloat32> filterGradient(
      Ops tf, Operand<T> x, Operand<T> dy, Operand<TFloat32> like, Window window) {
    return winograd.differentiates(x.shape(), like.shape(), window)
        ? winograd.filterGradient(tf, wide(tf, x), wide(tf, dy), window.rate())
        : others.filterGradient(tf, x, dy, like, window);
  }

  private static Operand<TFloat32> wide(Ops tf, Operand<? extends TFloating> x) {
    return Numbers.cast(tf, x, TFloat32.class);
  }
}
