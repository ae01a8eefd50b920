package dev.atrous.runtime.tensorflow;

import dev.atrous.runtime.AtrousException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a GPU multiplies float32 as TF32. TensorFlow has a switch for it that no interface of
 * Java reaches, for its own kernels and for what XLA compiles. It belongs to the process.
 */
final class TensorFloat32 {
  private static final String LIBRARY = "libtensorflow_framework.so.2";

  /** In C++, {@code tsl::enable_tensor_float_32_execution(bool)}. */
  private static final String SWITCH = "_ZN3tsl32enable_tensor_float_32_executionEb";

  /** What the process has chosen; null until it has. */
  private static @Nullable Boolean chosen;

  private TensorFloat32() {}

  /**
   * Chooses for the process, before the first program for a GPU is made.
   *
   * @throws AtrousException if the process has chosen the other, or there is no such switch
   */
  static synchronized void choose(boolean allowed) {
    if (chosen == null) {
      set(allowed);
      chosen = allowed;
    } else if (chosen != allowed) {
      throw new AtrousException(
          "This process computes with the precision %s on its GPU, and can't compute with %s as well. Use another process."
              .formatted(name(chosen), name(allowed)));
    }
  }

  private static Precision name(boolean allowed) {
    return allowed ? Precision.TF32 : Precision.FLOAT32;
  }

  /** Turns the switch. */
  static void set(boolean allowed) {
    NativeLibrary.load();
    try {
      SharedLibrary.open(LIBRARY).call(SWITCH, allowed ? 1 : 0);
    } catch (LinkageError e) {
      throw new AtrousException(
          "TensorFlow's library has no switch for TF32 ("
              + e.getMessage()
              + "). Choose the precision tf32 or bfloat16.",
          e);
    }
  }
}
