package dev.atrous.runtime.op;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * How the convolutions of a graph and their derivatives are computed. One is chosen where a graph
 * is made, for its device. {@link TensorFlowKernel} computes all of them everywhere; others extend
 * it, and compute what they are faster at.
 *
 * <p>Weights are in float32 and rounded here to the numbers of the map, if it has others.
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
  <T extends TFloating> Operand<T> convolve(
      Ops tf, Operand<T> x, Operand<TFloat32> weights, Window window);

  /**
   * Its derivative by the map.
   *
   * @param dy derivative of the loss by the convolution, {@code [N, H', W', output channels]}
   * @param like has the shape of the map, which must be known
   * @return {@code [N, H, W, input channels]}
   */
  <T extends TFloating> Operand<T> inputGradient(
      Ops tf, Operand<TFloat32> weights, Operand<T> dy, Operand<T> like, Window window);

  /**
   * Its derivative by the weights.
   *
   * @param x of known shape
   * @param dy as above
   * @param like has the shape of the weights
   * @return {@code [kernel, kernel, input channels, output channels]}
   */
  <T extends TFloating> Operand<TFloat32> filterGradient(
      Ops tf, Operand<T> x, Operand<T> dy, Operand<TFloat32> like, Window window);

  /**
   * A convolution of an inference graph with all that follows it; here, an operation for each part.
   *
   * @return {@code [N, H', W', output channels]}
   */
  default <T extends TFloating> Operand<T> fused(Ops tf, Convolution<T> convolution) {
    return convolution.unfused();
  }
}
