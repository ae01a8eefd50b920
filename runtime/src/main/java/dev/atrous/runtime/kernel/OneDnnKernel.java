package dev.atrous.runtime.kernel;

import dev.atrous.runtime.op.Convolution;
import dev.atrous.runtime.op.Padding;
import dev.atrous.runtime.op.TensorFlowKernel;
import dev.atrous.runtime.op.Window;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.Precision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TFUnimplementedException;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.SwitchCond;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/**
 * Convolutions of an inference graph on a CPU, each with its normalisation, sum and ReLU as one
 * operation of oneDNN. Batch normalisation is folded into weights and bias when they are read.
 *
 * <p>The operation is the one that TensorFlow itself puts in the place of others when it prepares a
 * graph, and is asked for by name because only so can it be told that its weights never change:
 * then oneDNN's layout of them is made once, not in each run. TensorFlow does that for weights that
 * are constants of the graph, which costs several copies of them in memory.
 */
public final class OneDnnKernel extends TensorFlowKernel {
  private static final String OPERATION = "_MklNativeFusedConv2D";

  private final FixedParameters parameters;
  private final Class<? extends TNumber> type;
  private final @Nullable Winograd winograd;

  /** The outputs of convolutions in bfloat16, by what the rest of the graph sees of them. */
  private final Map<Operand<TFloat32>, Operand<TBfloat16>> narrow = new HashMap<>();

  /** Maps of the size that others have, by the others. */
  private final Map<Operand<TFloat32>, Operand<TFloat32>> sizes = new HashMap<>();

  /**
   * @param tf the graph
   */
  public OneDnnKernel(Ops tf, FixedParameters parameters, Precision precision) {
    this.parameters = parameters;
    type = precision == Precision.BFLOAT16 ? TBfloat16.class : TFloat32.class;
    winograd = Winograd.suits(precision) ? new Winograd(tf) : null;
  }

  /**
   * Whether convolutions can be computed so here: TensorFlow's library lacks the operation on some
   * platforms, and processors lack instructions for bfloat16.
   */
  public static boolean isAvailable(Precision precision) {
    return OneDnn.has(OPERATION) && (precision == Precision.FLOAT32 || runsInBfloat16());
  }

  private static boolean runsInBfloat16() {
    try (Graph graph = new Graph();
        Session session = new Session(graph, Device.CPU.config(1))) {
      Ops tf = Ops.create(graph);
      Operand<TBfloat16> one =
          tf.dtypes.cast(tf.constant(new float[][][][] {{{{1}}}}), TBfloat16.class);
      Operand<TBfloat16> bias = tf.dtypes.cast(tf.constant(new float[1]), TBfloat16.class);
      Operation probe =
          operation(tf, one, new Folded<>(one, bias), List.of())
              .setAttr("fused_ops", new String[] {"BiasAdd"})
              .setAttr("strides", steps(1))
              .setAttr("padding", "SAME")
              .build();
      session.runner().addTarget(probe).run().close();
      return true;
    } catch (TensorFlowException | TFUnimplementedException | TFInvalidArgumentException e) {
      return false;
    }
  }

  @Override
  public Operand<TFloat32> fused(Ops tf, Convolution convolution, Operand<TFloat32> x) {
    Operand<TFloat32> y = compute(tf, convolution, x);
    if (convolution.window().stride() == 1) {
      sizes.put(y, sizeOf(x));
    }
    return y;
  }

  /** A map of the same size, one and the same for all that convolutions have not changed. */
  private Operand<TFloat32> sizeOf(Operand<TFloat32> x) {
    return sizes.getOrDefault(x, x);
  }

  private Operand<TFloat32> compute(Ops tf, Convolution convolution, Operand<TFloat32> x) {
    if (winograd != null
        && Winograd.suits(parameters.shape(convolution.weights()), convolution.window().stride())) {
      return byWinogradIfFaster(tf, winograd, convolution, x);
    }
    return type == TFloat32.class
        ? convolve(tf, convolution, x, TFloat32.class)
        : wide(tf, convolve(tf, convolution, narrow(tf, x), TBfloat16.class));
  }

  /** In float32, by Winograd's filtering where the size of the map makes it faster. */
  private Operand<TFloat32> byWinogradIfFaster(
      Ops tf, Winograd winograd, Convolution convolution, Operand<TFloat32> x) {
    Shape shape = parameters.shape(convolution.weights());
    Folded<TFloat32> folded = fold(convolution, shape, TFloat32.class);
    Operand<TFloat32> size = sizeOf(x);
    Operand<TBool> faster = winograd.isFaster(size, convolution.window().rate());
    SwitchCond<TFloat32> map = tf.switchCond(x, faster);
    SwitchCond<TFloat32> weights = tf.switchCond(folded.weights(), faster);
    Operand<TFloat32> y =
        winograd.convolve(
            tf, map.outputTrue(), weights.outputTrue(), convolution.window().rate(), size);
    return tf.merge(
            List.of(
                after(tf, convolution, tf.nn.biasAdd(y, folded.bias())),
                fused(tf, convolution, map.outputFalse(), shape, folded, TFloat32.class)))
        .output();
  }

  /** What comes after a convolution and its bias. */
  private static Operand<TFloat32> after(Ops tf, Convolution convolution, Operand<TFloat32> y) {
    Operand<TFloat32> addend = convolution.addend();
    Operand<TFloat32> sum = addend == null ? y : tf.math.add(y, addend);
    return convolution.hasRelu() ? tf.nn.relu(sum) : sum;
  }

  private Operand<TBfloat16> narrow(Ops tf, Operand<TFloat32> x) {
    return narrow.computeIfAbsent(x, wide -> tf.dtypes.cast(wide, TBfloat16.class));
  }

  private Operand<TFloat32> wide(Ops tf, Operand<TBfloat16> y) {
    Operand<TFloat32> wide = tf.dtypes.cast(y, TFloat32.class);
    narrow.put(wide, y);
    return wide;
  }

  private <T extends TNumber> Operand<T> convolve(
      Ops tf, Convolution convolution, Operand<T> x, Class<T> numbers) {
    Shape shape = parameters.shape(convolution.weights());
    Folded<T> folded = fold(convolution, shape, numbers);
    return fused(tf, convolution, x, shape, folded, numbers);
  }

  private <T extends TNumber> Operand<T> fused(
      Ops tf,
      Convolution convolution,
      Operand<T> x,
      Shape shape,
      Folded<T> folded,
      Class<T> numbers) {
    List<String> fused = new ArrayList<>(List.of("BiasAdd"));
    List<Operand<T>> addends = new ArrayList<>();
    Operand<TFloat32> addend = convolution.addend();
    if (addend != null) {
      fused.add("Add");
      addends.add(like(tf, addend, numbers));
    }
    if (convolution.hasRelu()) {
      fused.add("Relu");
    }
    Window window = convolution.window();
    Padding padding = Padding.of(x.shape(), shape, window);
    return operation(tf, x, folded, addends)
        .setAttr("fused_ops", fused.toArray(String[]::new))
        .setAttr("strides", steps(window.stride()))
        .setAttr("dilations", steps(window.rate()))
        .setAttr("padding", padding.explicitType())
        .setAttr("explicit_paddings", padding.explicit())
        .build()
        .<T>output(0);
  }

  private static <T extends TNumber> OperationBuilder operation(
      Ops tf, Operand<T> x, Folded<T> folded, List<Operand<T>> addends) {
    List<Output<?>> arguments = new ArrayList<>();
    arguments.add(folded.bias().asOutput());
    addends.forEach(addend -> arguments.add(addend.asOutput()));
    return OneDnn.operation(tf, OPERATION, "Convolution")
        .addInput(x.asOutput())
        .addInput(folded.weights().asOutput())
        .addInputList(arguments.toArray(Output<?>[]::new))
        .addInputList(new Output<?>[0])
        .setAttr("num_args", (long) arguments.size())
        .setAttr("is_filter_const", true);
  }

  @SuppressWarnings("unchecked") // numbers is one of two types
  private <T extends TNumber> Operand<T> like(Ops tf, Operand<TFloat32> map, Class<T> numbers) {
    return (Operand<T>) (numbers == TFloat32.class ? map : narrow(tf, map));
  }

  private static long[] steps(int step) {
    return new long[] {1, step, step, 1};
  }

  private record Folded<T extends TNumber>(Operand<T> weights, Operand<T> bias) {}

  /** Weights and bias that give what a convolution and its normalisation give together. */
  private <T extends TNumber> Folded<T> fold(
      Convolution convolution, Shape shape, Class<T> numbers) {
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
        parameters.keep(
            convolution.weights() + "/folded", shape, cast(tf, weights, numbers), numbers),
        parameters.keep(
            convolution.weights() + "/bias", channels, cast(tf, bias, numbers), numbers));
  }

  @SuppressWarnings("unchecked") // the same type
  private static <T extends TNumber> Operand<T> cast(
      Ops tf, Operand<TFloat32> value, Class<T> numbers) {
    return numbers == TFloat32.class ? (Operand<T>) value : tf.dtypes.cast(value, numbers);
  }
}
