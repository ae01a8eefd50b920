package dev.atrous.runtime.kernel;

import dev.atrous.runtime.op.Convolution;
import dev.atrous.runtime.op.Numbers;
import dev.atrous.runtime.op.Padding;
import dev.atrous.runtime.op.TensorFlowKernel;
import dev.atrous.runtime.op.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.SwitchCond;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * Convolutions of an inference graph on a CPU, each with its normalisation, sum and ReLU as one
 * operation of oneDNN. Batch normalisation is folded into weights and bias when they are read.
 *
 * <p>The operation is the one that TensorFlow itself puts in the place of others when it prepares a
 * graph, and is asked for by name because only so can it be told that its weights never change:
 * then oneDNN's layout of them is made once, not in each run. TensorFlow does that for weights that
 * are constants of the graph, which costs several copies of them in memory.
 */
final class OneDnnKernel extends TensorFlowKernel {

  private final FixedParameters parameters;
  private final @Nullable Winograd winograd;
  private final boolean byTaps;

  /** Maps of the size that others have, by the others. */
  private final Map<Operand<?>, Operand<?>> sizes = new HashMap<>();

  /**
   * @param tf the graph
   * @param maps the numbers of feature maps
   * @param byTaps whether atrous convolutions of other numbers than float32 are computed by {@link
   *     Taps}
   */
  OneDnnKernel(
      Ops tf, FixedParameters parameters, Class<? extends TFloating> maps, boolean byTaps) {
    this.parameters = parameters;
    this.byTaps = byTaps;
    winograd = Winograd.suits(maps) ? new Winograd(tf) : null;
  }

  @Override
  public <T extends TFloating> Operand<T> fused(Ops tf, Convolution<T> convolution) {
    Operand<T> y = compute(tf, convolution);
    if (convolution.window().stride() == 1) {
      sizes.put(y, sizeOf(convolution.x()));
    }
    return y;
  }

  /** A map of the same size, one and the same for all that convolutions have not changed. */
  private Operand<?> sizeOf(Operand<?> x) {
    return sizes.getOrDefault(x, x);
  }

  private <T extends TFloating> Operand<T> compute(Ops tf, Convolution<T> convolution) {
    Shape shape = parameters.shape(convolution.weights());
    if (winograd != null && Winograd.suits(shape, convolution.window().stride())) {
      return byWinogradIfFaster(tf, winograd, convolution);
    }
    Operand<T> x = convolution.x();
    Folded<T> folded = fold(convolution, shape, x.type());
    if (byTaps && TapsKernel.suits(x.type(), shape, convolution.window())) {
      int rate = convolution.window().rate();
      Operand<TFloat32> y = new Taps(tf, x, rate).convolve(x, folded.weights());
      Operand<T> addend = convolution.addend();
      return Numbers.cast(
          tf,
          after(
              tf,
              convolution,
              y,
              wide(tf, folded.bias()),
              addend == null ? null : wide(tf, addend)),
          x.type());
    }
    return fused(tf, convolution, x, folded, convolution.addend());
  }

  /** What comes after the sums of a convolution. */
  private static Operand<TFloat32> after(
      Ops tf,
      Convolution<?> convolution,
      Operand<TFloat32> y,
      Operand<TFloat32> bias,
      @Nullable Operand<TFloat32> addend) {
    Operand<TFloat32> withBias = tf.nn.biasAdd(y, bias);
    Operand<TFloat32> sum = addend == null ? withBias : tf.math.add(withBias, addend);
    return convolution.hasRelu() ? tf.nn.relu(sum) : sum;
  }

  private static Operand<TFloat32> wide(Ops tf, Operand<? extends TFloating> x) {
    return Numbers.cast(tf, x, TFloat32.class);
  }

  /** In float32, by Winograd's filtering where the size of the map makes it faster. */
  private <T extends TFloating> Operand<T> byWinogradIfFaster(
      Ops tf, Winograd winograd, Convolution<T> convolution) {
    Shape shape = parameters.shape(convolution.weights());
    Folded<TFloat32> folded = fold(convolution, shape, TFloat32.class);
    Operand<?> size = sizeOf(convolution.x());
    int rate = convolution.window().rate();
    Operand<T> addend = convolution.addend();
    Operand<TFloat32> wideAddend = addend == null ? null : wide(tf, addend);
    Operand<TBool> faster = winograd.isFaster(size, rate);
    SwitchCond<TFloat32> map = tf.switchCond(wide(tf, convolution.x()), faster);
    SwitchCond<TFloat32> weights = tf.switchCond(folded.weights(), faster);
    Operand<TFloat32> filtered =
        winograd.convolve(tf, map.outputTrue(), weights.outputTrue(), rate, size);
    Operand<TFloat32> either =
        tf.merge(
                List.of(
                    after(tf, convolution, filtered, folded.bias(), wideAddend),
                    fused(tf, convolution, map.outputFalse(), folded, wideAddend)))
            .output();
    return Numbers.cast(tf, either, convolution.x().type());
  }

  /**
   * @param x the map, in any numbers
   * @param addend what is added to the result, if anything
   */
  private <N extends TFloating> Operand<N> fused(
      Ops tf,
      Convolution<?> convolution,
      Operand<N> x,
      Folded<N> folded,
      @Nullable Operand<N> addend) {
    List<String> fused = new ArrayList<>(List.of("BiasAdd"));
    List<Output<?>> arguments = new ArrayList<>(List.of(folded.bias().asOutput()));
    if (addend != null) {
      fused.add("Add");
      arguments.add(addend.asOutput());
    }
    if (convolution.hasRelu()) {
      fused.add("Relu");
    }
    Window window = convolution.window();
    Padding padding = Padding.of(x.shape(), folded.shape(), window);
    return OneDnn.convolution(tf, x, folded.weights(), arguments)
        .setAttr("fused_ops", fused.toArray(String[]::new))
        .setAttr("strides", steps(window.stride()))
        .setAttr("dilations", steps(window.rate()))
        .setAttr("padding", padding.explicitType())
        .setAttr("explicit_paddings", padding.explicit())
        .build()
        .<N>output(0);
  }

  private static long[] steps(int step) {
    return new long[] {1, step, step, 1};
  }

  private record Folded<N extends TFloating>(Shape shape, Operand<N> weights, Operand<N> bias) {}

  /** Weights and bias that give what a convolution and its normalisation give together. */
  private <N extends TFloating> Folded<N> fold(
      Convolution<?> convolution, Shape shape, Class<N> numbers) {
    Ops tf = parameters.ops();
    Operand<TFloat32> weights = parameters.restored(convolution.weights());
    Operand<TFloat32> bias;
    Convolution.Normalization norm = convolution.normalization();
    if (norm == null) {
      bias = parameters.restored(Objects.requireNonNull(convolution.bias()));
    } else {
      Operand<TFloat32> variance = parameters.restored(norm.name() + "/moving_variance");
      Operand<TFloat32> scale =
          tf.math.mul(
              parameters.restored(norm.name() + "/gamma"),
              tf.math.rsqrt(tf.math.add(variance, tf.constant(norm.epsilon()))));
      Operand<TFloat32> mean = parameters.restored(norm.name() + "/moving_mean");
      weights = tf.math.mul(weights, scale);
      bias = tf.math.sub(parameters.restored(norm.name() + "/beta"), tf.math.mul(mean, scale));
    }
    Shape channels = Shape.of(shape.get(3));
    return new Folded<>(
        shape,
        parameters.keep(
            convolution.weights() + "/folded", shape, Numbers.cast(tf, weights, numbers), numbers),
        parameters.keep(
            convolution.weights() + "/bias", channels, Numbers.cast(tf, bias, numbers), numbers));
  }
}
