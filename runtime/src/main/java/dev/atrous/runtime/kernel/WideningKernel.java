package dev.atrous.runtime.kernel;

import dev.atrous.runtime.op.ConvolutionKernel;
import dev.atrous.runtime.op.Numbers;
import dev.atrous.runtime.op.TensorFlowKernel;
import dev.atrous.runtime.op.Window;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * Convolutions of maps of any numbers by products in float32: for processors without instructions
 * for other numbers. Operands and result are rounded as such instructions round them.
 */
final class WideningKernel implements ConvolutionKernel {
  private final ConvolutionKernel float32 = new TensorFlowKernel();

  @Override
  public <T extends TFloating> Operand<T> convolve(
      Ops tf, Operand<T> x, Operand<TFloat32> weights, Window window) {
    Operand<TFloat32> y = float32.convolve(tf, wide(tf, x), rounded(tf, weights, x.type()), window);
    return Numbers.cast(tf, y, x.type());
  }

  @Override
  public <T extends TFloating> Operand<T> inputGradient(
      Ops tf, Operand<TFloat32> weights, Operand<T> dy, Operand<T> like, Window window) {
    Operand<TFloat32> dx =
        float32.inputGradient(
            tf, rounded(tf, weights, dy.type()), wide(tf, dy), wide(tf, like), window);
    return Numbers.cast(tf, dx, dy.type());
  }

  @Override
  public <T extends TFloating> Operand<TFloat32> filterGradient(
      Ops tf, Operand<T> x, Operand<T> dy, Operand<TFloat32> like, Window window) {
    return float32.filterGradient(tf, wide(tf, x), wide(tf, dy), like, window);
  }

  private static Operand<TFloat32> wide(Ops tf, Operand<? extends TFloating> x) {
    return Numbers.cast(tf, x, TFloat32.class);
  }

  private static Operand<TFloat32> rounded(
      Ops tf, Operand<TFloat32> weights, Class<? extends TFloating> numbers) {
    return wide(tf, Numbers.cast(tf, weights, numbers));
  }
}
