package dev.atrous.runtime.kernel;

import dev.atrous.runtime.op.Numbers;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TFUnimplementedException;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * Operations of oneDNN by the names that TensorFlow keeps to itself: it puts them in the place of
 * others when it prepares a graph, and has them on some platforms only.
 */
final class OneDnn {
  private static final String CONVOLUTION = "_MklNativeFusedConv2D";
  private static final Map<String, Boolean> KNOWN = new ConcurrentHashMap<>();

  private static final Map<Class<? extends TFloating>, Boolean> CONVOLVES =
      new ConcurrentHashMap<>();

  private OneDnn() {}

  /**
   * Whether an operation can be computed here, and oneDNN is not switched off by {@code
   * TF_ENABLE_ONEDNN_OPTS=0}.
   *
   * @param operation for example {@code _MklBatchMatMulV2}
   */
  static boolean has(String operation) {
    return !"0".equals(System.getenv("TF_ENABLE_ONEDNN_OPTS"))
        && KNOWN.computeIfAbsent(operation, NativeLibrary::hasKernel);
  }

  /**
   * Begins an operation, marked as TensorFlow marks those that it puts in to find their kernels.
   */
  static OperationBuilder operation(Ops tf, String operation, String name) {
    return tf.scope().opBuilder(operation, name).setAttr("_kernel", "MklNameChangeOp");
  }

  /**
   * Whether it computes convolutions of some numbers here: TensorFlow's library lacks the operation
   * on some platforms, and processors lack instructions for bfloat16.
   */
  static boolean convolves(Class<? extends TFloating> numbers) {
    return has(CONVOLUTION)
        && (numbers == TFloat32.class
            || CONVOLVES.computeIfAbsent(numbers, OneDnn::runsConvolution));
  }

  private static boolean runsConvolution(Class<? extends TFloating> numbers) {
    try (Graph graph = new Graph();
        Session session = new Session(graph, Device.CPU.config(1))) {
      Ops tf = Ops.create(graph);
      session.runner().addTarget(probe(tf, numbers)).run().close();
      return true;
    } catch (TensorFlowException | TFUnimplementedException | TFInvalidArgumentException e) {
      return false;
    }
  }

  private static <N extends TFloating> Operation probe(Ops tf, Class<N> numbers) {
    Operand<N> one = Numbers.cast(tf, tf.constant(new float[][][][] {{{{1}}}}), numbers);
    Operand<N> bias = Numbers.cast(tf, tf.constant(new float[1]), numbers);
    return convolution(tf, one, one, List.of(bias.asOutput()))
        .setAttr("fused_ops", new String[] {"BiasAdd"})
        .setAttr("strides", new long[] {1, 1, 1, 1})
        .setAttr("padding", "SAME")
        .build();
  }

  /**
   * Begins a convolution with what follows it.
   *
   * @param arguments of what follows it: a bias, a map to add
   */
  static <N extends TFloating> OperationBuilder convolution(
      Ops tf, Operand<N> x, Operand<N> weights, List<Output<?>> arguments) {
    return operation(tf, CONVOLUTION, "Convolution")
        .addInput(x.asOutput())
        .addInput(weights.asOutput())
        .addInputList(arguments.toArray(Output<?>[]::new))
        .addInputList(new Output<?>[0])
        .setAttr("num_args", (long) arguments.size())
        .setAttr("is_filter_const", true);
  }
}
