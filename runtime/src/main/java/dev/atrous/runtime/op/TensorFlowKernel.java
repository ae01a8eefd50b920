package dev.atrous.runtime.op;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.op.nn.Conv2dBackpropFilter;
import org.tensorflow.op.nn.Conv2dBackpropInput;
import org.tensorflow.types.TFloat32;

/** Convolutions as TensorFlow's own operations, for any device and for XLA. */
public class TensorFlowKernel implements ConvolutionKernel {

  @Override
  public Operand<TFloat32> convolve(
      Ops tf, Operand<TFloat32> x, Operand<TFloat32> weights, Window window) {
    Padding padding = Padding.of(x.shape(), weights.shape(), window);
    return tf.nn.conv2d(
        padding.pad(tf, x, 0f),
        weights,
        Padding.strides(window.stride()),
        padding.type(),
        Conv2d.dilations(Padding.strides(window.rate())));
  }

  @Override
  public Operand<TFloat32> inputGradient(
      Ops tf,
      Operand<TFloat32> weights,
      Operand<TFloat32> dy,
      Operand<TFloat32> like,
      Window window) {
    Padding padding = Padding.of(like.shape(), weights.shape(), window);
    return padding.unpad(
        tf,
        tf.nn.conv2dBackpropInput(
            Sizes.of(tf, padding.padded(like.shape())),
            weights,
            dy,
            Padding.strides(window.stride()),
            padding.type(),
            Conv2dBackpropInput.dilations(Padding.strides(window.rate()))));
  }

  @Override
  public Operand<TFloat32> filterGradient(
      Ops tf, Operand<TFloat32> x, Operand<TFloat32> dy, Operand<TFloat32> like, Window window) {
    Padding padding = Padding.of(x.shape(), like.shape(), window);
    return tf.nn.conv2dBackpropFilter(
        padding.pad(tf, x, 0f),
        Sizes.of(tf, like.shape()),
        dy,
        Padding.strides(window.stride()),
        padding.type(),
        Conv2dBackpropFilter.dilations(Padding.strides(window.rate())));
  }

  /** Here, an operation for each part of it. */
  @Override
  public Operand<TFloat32> fused(Ops tf, Convolution convolution, Operand<TFloat32> x) {
    return convolution.unfused(x);
  }
}
