package dev.atrous.runtime.op;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * How the convolutions of a graph and their derivatives are computed. One is chosen where a graph
 * is made, for its device. {@link TensorFlowKernel} computes all of them everywhere; others extend
 * it, and compute what they are faster at.
 */
public interface ConvolutionKernel {

  /**
   * A convolution.
   *
   * @param tf where its operations go
   * @param x {@code [N, H, W, input channels]}; N, H and W may be unknown
   * @param weights {@code [kernel, kernel, input channels, output channels]}
   * @return {@code [N, H', W', output channels]}
   */
  Operand<TFloat32> convolve(Ops tf, Operand<TFloat32> x, Operand<TFloat32> weights, Window window);

  /**
   * Its derivative by the map.
   *
   * @param dy derivative of the loss by the convolution, {@code [N, H', W', output channels]}
   * @param like has the shape of the map, which must be known
   * @return {@code [N, H, W, input channels]}
   */
  Operand<TFloat32> inputGradient(
      Ops tf,
      Operand<TFloat32> weights,
      Operand<TFloat32> dy,
      Operand<TFloat32> like,
      Window window);

  /**
   * Its derivative by the weights.
   *
   * @param x of known shape
   * @param dy as above
   * @param like has the shape of the weights
   * @return {@code [kernel, kernel, input channels, output channels]}
   */
  Operand<TFloat32> filterGradient(
      Ops tf, Operand<TFloat32> x, Operand<TFloat32> dy, Operand<TFloat32> like, Window window);

  /**
   * A convolution of an inference graph with all that follows it.
   *
   * @param x as above
   * @return {@code [N, H', W', output channels]}
   */
  Operand<TFloat32> fused(Ops tf, Convolution convolution, Operand<TFloat32> x);
}
