package dev.atrous.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.AtrousException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.exceptions.TFUnimplementedException;
import org.tensorflow.exceptions.TensorFlowException;

class TensorFlowFailureTest {

  static List<RuntimeException> ofTensorFlow() {
    return List.of(
        new TensorFlowException("it failed"),
        new TFResourceExhaustedException("it failed"),
        new TFInvalidArgumentException("it failed"),
        new TFUnimplementedException("it failed"));
  }

  @ParameterizedTest
  @MethodSource("ofTensorFlow")
  void whatTensorFlowThrowsIsExplained(RuntimeException thrown) {
    assertThat(explained(thrown))
        .isInstanceOf(AtrousException.class)
        .hasMessage("explained: it failed")
        .hasCause(thrown);
  }

  @Test
  void whatOthersThrowRemains() {
    for (RuntimeException thrown :
        List.of(
            new IllegalArgumentException("no"),
            new UnsupportedOperationException("no"),
            new AtrousException("no"))) {
      assertThat(explained(thrown)).isSameAs(thrown);
    }
  }

  private static RuntimeException explained(RuntimeException thrown) {
    return TensorFlowFailure.explained(
        thrown, cause -> new AtrousException("explained: " + cause.getMessage(), cause));
  }

  /** Texts of TensorFlow 2.18, as it threw them or has them in its library. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GPU_TAKEN | CUDA error: : CUDA_ERROR_DEVICE_UNAVAILABLE: CUDA-capable device(s) is/are busy or unavailable
          GPU_TAKEN | cudaSetDevice() on GPU:0 failed. Status: CUDA-capable device(s) is/are busy or unavailable
          GPU_LOST | CUDA error: Failed call to cuInit: CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected
          GPU_LOST | CUDA error: Error recording CUDA event: CUDA_ERROR_ECC_UNCORRECTABLE: uncorrectable ECC error encountered
          GPU_LOST | CUDA error: : CUDA_ERROR_UNKNOWN: unknown error
          GPU_FAULT | INTERNAL: CUDA error: Error recording CUDA event: CUDA_ERROR_ILLEGAL_ADDRESS: an illegal memory access was encountered
          GPU_FAULT | CUDA error: Failed to memset memory: CUDA_ERROR_LAUNCH_FAILED: unspecified launch failure
          GPU_FAULT | GPU sync failed
          DRIVER_TOO_OLD | cudaGetDevice() failed. Status: CUDA driver version is insufficient for CUDA runtime version
          CUDA_LIBRARY | FAILED_PRECONDITION: DNN library initialization failed. Look at the errors above for more details.
          CUDA_LIBRARY | INTERNAL: No blas support for stream
          LIBDEVICE | INTERNAL: libdevice not found at ./libdevice.10.bc
          MEMORY | RESOURCE_EXHAUSTED: : CUDA_ERROR_OUT_OF_MEMORY: out of memory
          MEMORY | Out of memory while trying to allocate 17179869184 bytes.
          MEMORY | OOM when allocating tensor with shape[16,513,513,64] and type float on /job:localhost/replica:0/task:0/device:GPU:0 by allocator GPU_0_bfc
          OTHER | Incompatible shapes: [2,3] vs. [4,5]
          """)
  void kindsAreToldByTheText(TensorFlowFailure.Kind kind, String message) {
    assertThat(TensorFlowFailure.kind(new TensorFlowException(message))).isEqualTo(kind);
    assertThat(kind.explanation().isEmpty()).isEqualTo(kind == TensorFlowFailure.Kind.OTHER);
  }

  @Test
  void exhaustedResourcesAreMemory() {
    assertThat(TensorFlowFailure.kind(new TFResourceExhaustedException("it failed")))
        .isEqualTo(TensorFlowFailure.Kind.MEMORY);
    assertThat(TensorFlowFailure.otherProcesses(new TensorFlowException("by allocator GPU_0_bfc")))
        .contains("nvidia-smi");
    assertThat(TensorFlowFailure.otherProcesses(new TensorFlowException("by allocator cpu")))
        .isEmpty();
  }
}
