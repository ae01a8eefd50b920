package dev.atrous.runtime.kernel;

import dev.atrous.runtime.op.ConvolutionKernel;
import dev.atrous.runtime.op.TensorFlowKernel;
import dev.atrous.runtime.op.Window;
import dev.atrous.runtime.tensorflow.Precision;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Convolutions of a training step on a CPU: by {@link Winograd}'s filtering where that is faster,
 * or possible only; otherwise TensorFlow's.
 */
public final class WinogradKernel extends TensorFlowKernel {
  private final Winograd winograd;

  /**
   * @param graph where to find out where tiles lie
   */
  public WinogradKernel(Ops graph) {
    this(new Winograd(graph));
  }

  WinogradKernel(Winograd winograd) {
    this.winograd = winograd;
  }

  /**
   * For a graph of a precision on a CPU.
   *
   * @param graph where to find out where tiles lie
   */
  public static ConvolutionKernel of(Ops graph, Precision precision) {
    return Winograd.suits(precision) ? new WinogradKernel(graph) : new TensorFlowKernel();
  }

  @Override
  public Operand<TFloat32> convolve(
      Ops tf, Operand<TFloat32> x, Operand<TFloat32> weights, Window window) {
    return winograd.convolves(x.shape(), weights.shape(), window)
        ? winograd.convolve(tf, x, weights, window.rate(), x)
        : super.convolve(tf, x, weights, window);
  }

  @Override
  public Operand<TFloat32> inputGradient(
      Ops tf,
      Operand<TFloat32> weights,
      Operand<TFloat32> dy,
      Operand<TFloat32> like,
      Window window) {
    return winograd.differentiates(dy.shape(), weights.shape(), window)
        ? winograd.inputGradient(tf, dy, weights, window.rate())
        : super.inputGradient(tf, weights, dy, like, window);
  }

  @Override
  public Operand<TFloat32> filterGradient(
      Ops tf, Operand<TFloat32> x, Operand<TFloat32> dy, Operand<TFloat32> like, Window window) {
    return winograd.differentiates(x.shape(), like.shape(), window)
        ? winograd.filterGradient(tf, x, dy, window.rate())
        : super.filterGradient(tf, x, dy, like, window);
  }
}
