package dev.atrous.runtime.op;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.op.nn.Conv2dBackpropFilter;
import org.tensorflow.op.nn.Conv2dBackpropInput;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/** Convolutions as TensorFlow's own operations, for any device and for XLA. */
public class TensorFlowKernel implements ConvolutionKernel {

  /** One for all graphs. */
  public TensorFlowKernel() {}

  @Override
  public <T extends TFloating> Operand<T> convolve(
      Ops tf, Operand<T> x, Operand<TFloat32> weights, Window window) {
    Padding padding = Padding.of(x.shape(), weights.shape(), window);
    return tf.nn.conv2d(
        padding.pad(tf, x, 0f),
        Numbers.cast(tf, weights, x.type()),
        Padding.strides(window.stride()),
        padding.type(),
        Conv2d.dilations(Padding.strides(window.rate())));
  }

  @Override
  public <T extends TFloating> Operand<T> inputGradient(
      Ops tf, Operand<TFloat32> weights, Operand<T> dy, Operand<T> like, Window window) {
    Padding padding = Padding.of(like.shape(), weights.shape(), window);
    return padding.unpad(
        tf,
        tf.nn.conv2dBackpropInput(
            Sizes.of(tf, padding.padded(like.shape())),
            Numbers.cast(tf, weights, dy.type()),
            dy,
            Padding.strides(window.stride()),
            padding.type(),
            Conv2dBackpropInput.dilations(Padding.strides(window.rate()))));
  }

  @Override
  public <T extends TFloating> Operand<TFloat32> filterGradient(
      Ops tf, Operand<T> x, Operand<T> dy, Operand<TFloat32> like, Window window) {
    Padding padding = Padding.of(x.shape(), like.shape(), window);
    Operand<T> gradient =
        tf.nn.conv2dBackpropFilter(
            padding.pad(tf, x, 0f),
            Sizes.of(tf, like.shape()),
            dy,
            Padding.strides(window.stride()),
            padding.type(),
            Conv2dBackpropFilter.dilations(Padding.strides(window.rate())));
    return Numbers.cast(tf, gradient, TFloat32.class);
  }
}
