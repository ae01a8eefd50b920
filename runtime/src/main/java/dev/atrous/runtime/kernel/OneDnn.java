package dev.atrous.runtime.kernel;

import dev.atrous.runtime.tensorflow.NativeLibrary;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.tensorflow.OperationBuilder;
import org.tensorflow.op.Ops;

/**
 * Operations of oneDNN by the names that TensorFlow keeps to itself: it puts them in the place of
 * others when it prepares a graph, and has them on some platforms only.
 */
public final class OneDnn {
  private static final Map<String, Boolean> KNOWN = new ConcurrentHashMap<>();

  private OneDnn() {}

  /**
   * Whether an operation can be computed here, and oneDNN is not switched off by {@code
   * TF_ENABLE_ONEDNN_OPTS=0}.
   *
   * @param operation for example {@code _MklBatchMatMulV2}
   */
  public static boolean has(String operation) {
    return !"0".equals(System.getenv("TF_ENABLE_ONEDNN_OPTS"))
        && KNOWN.computeIfAbsent(operation, NativeLibrary::hasKernel);
  }

  /**
   * Begins an operation, marked as TensorFlow marks those that it puts in to find their kernels.
   */
  public static OperationBuilder operation(Ops tf, String operation, String name) {
    return tf.scope().opBuilder(operation, name).setAttr("_kernel", "MklNameChangeOp");
  }
}
