package dev.atrous.runtime.tensorflow;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.WriteFailure;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.exceptions.TFUnimplementedException;
import org.tensorflow.exceptions.TensorFlowException;

/** That TensorFlow's library failed. Its exceptions have three types with no common one. */
public final class TensorFlowFailure {
  private TensorFlowFailure() {}

  /** What a failure means, as far as TensorFlow's text tells. */
  public enum Kind {
    /** A GPU that lets one process compute at a time has one. */
    GPU_TAKEN(
        "Another process has the GPU to itself. nvidia-smi shows which one; end it, or choose"
            + " another GPU, for example with CUDA_VISIBLE_DEVICES=1.",
        "CUDA_ERROR_DEVICE_UNAVAILABLE",
        "busy or unavailable"),
    /** The GPU is gone or broken, for every process. */
    GPU_LOST(
        "The GPU is lost. The kernel's log tells more (dmesg | grep Xid); restart the machine. A"
            + " training continues from its last checkpoint.",
        "CUDA_ERROR_NO_DEVICE",
        "CUDA_ERROR_DEINITIALIZED",
        "CUDA_ERROR_ECC_UNCORRECTABLE",
        "CUDA_ERROR_HARDWARE_STACK_ERROR",
        "CUDA_ERROR_NVLINK_UNCORRECTABLE",
        "CUDA_ERROR_SYSTEM_NOT_READY",
        "CUDA_ERROR_UNKNOWN",
        "GPU is lost"),
    /** A program went wrong on the GPU; this process can't use it any more. */
    GPU_FAULT(
        "A program failed on the GPU, and this process can't use the GPU any more. Start again; a"
            + " training continues from its last checkpoint. If it fails at once, choose XLA off;"
            + " if it fails now and then, suspect the GPU (dmesg | grep Xid).",
        "CUDA_ERROR_ILLEGAL_ADDRESS",
        "CUDA_ERROR_ILLEGAL_INSTRUCTION",
        "CUDA_ERROR_LAUNCH_FAILED",
        "CUDA_ERROR_LAUNCH_TIMEOUT",
        "CUDA_ERROR_MISALIGNED_ADDRESS",
        "GPU sync failed"),
    /** The driver can't run what was compiled for it. */
    DRIVER_TOO_OLD(
        "The NVIDIA driver is too old for this program, or the GPU is. Install a newer driver; the"
            + " command doctor shows both.",
        "CUDA_ERROR_UNSUPPORTED_PTX_VERSION",
        "CUDA_ERROR_INVALID_PTX",
        "CUDA_ERROR_NO_BINARY_FOR_GPU",
        "driver version is insufficient"),
    /** cuBLAS or cuDNN has not started. */
    CUDA_LIBRARY(
        "cuBLAS or cuDNN did not start on the GPU. Most often other processes leave them no memory"
            + " (nvidia-smi shows them); the command doctor shows whether the libraries fit.",
        "No blas support for stream",
        "No DNN in stream executor",
        "DNN library initialization failed",
        "Could not create cudnn handle"),
    /** XLA lacks a file of CUDA. */
    LIBDEVICE(
        "XLA lacks libdevice.10.bc of an installed CUDA; the command doctor shows where it looks.",
        "libdevice not found"),
    /** Memory ran out, the GPU's or the machine's. */
    MEMORY(
        "Memory ran out.",
        "CUDA_ERROR_OUT_OF_MEMORY",
        "Out of memory while trying to allocate",
        "OOM when allocating",
        "ran out of memory trying"),
    /** Something else. */
    OTHER("");

    private final String explanation;
    private final Pattern texts;

    /**
     * @param texts one of which the message contains
     */
    Kind(String explanation, String... texts) {
      this.explanation = explanation;
      this.texts = Pattern.compile(String.join("|", texts));
    }

    /** What happened and what to do, in sentences; empty for {@link #OTHER}. */
    public String explanation() {
      return explanation;
    }
  }

  /** What a failure means. */
  public static Kind kind(RuntimeException thrown) {
    String message = String.valueOf(thrown.getMessage());
    for (Kind kind : Kind.values()) {
      if (kind != Kind.OTHER && kind.texts.matcher(message).find()) {
        return kind;
      }
    }
    // TensorFlow calls a full disk an exhausted resource as well.
    return thrown instanceof TFResourceExhaustedException && !WriteFailure.isFullDisk(thrown)
        ? Kind.MEMORY
        : Kind.OTHER;
  }

  /**
   * What to do about other processes where the memory that ran out may be a GPU's; empty where it
   * is not.
   */
  public static String otherProcesses(RuntimeException thrown) {
    String message = String.valueOf(thrown.getMessage());
    return message.contains("GPU") || message.contains("CUDA")
        ? " Other processes may use the GPU's memory too: nvidia-smi shows them."
        : "";
  }

  /**
   * What to throw for an exception: its explanation if it is TensorFlow's, or else itself.
   *
   * @param explanation what the failure means to the user
   */
  public static RuntimeException explained(
      RuntimeException thrown, Function<RuntimeException, AtrousException> explanation) {
    return thrown instanceof TensorFlowException
            || thrown instanceof TFInvalidArgumentException
            || thrown instanceof TFUnimplementedException
        ? explanation.apply(thrown)
        : thrown;
  }
}
