package dev.atrous.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.TinyModel;
import org.junit.jupiter.api.Test;
import org.tensorflow.exceptions.TFResourceExhaustedException;
import org.tensorflow.exceptions.TensorFlowException;

class TrainingErrorsTest {
  private final TrainingErrors errors =
      new TrainingErrors(
          TrainingOptions.of(new TinyModel().description()).batchSize(4).crop(33).build());

  @Test
  void memoryThatRanOutSaysWhatToLower() {
    assertThat(errors.failed(7, new TFResourceExhaustedException("by allocator cpu")))
        .hasMessage(
            "Memory ran out in training step 7, with 4 crops of 33 pixels: by allocator cpu%n"
                    .formatted()
                + "Lower the batch size or the crop.");
    assertThat(
            errors.notCompiled(
                new TensorFlowException(
                    "OOM when allocating tensor with shape[4] by allocator GPU_0_bfc")))
        .hasMessageStartingWith("Memory ran out when XLA compiled and tried the training step")
        .hasMessageEndingWith("nvidia-smi shows them.");
  }

  @Test
  void aFaultOfTheGpuIsNoneOfXla() {
    TensorFlowException fault =
        new TensorFlowException(
            "CUDA error: : CUDA_ERROR_ILLEGAL_ADDRESS: an illegal memory access was encountered");
    assertThat(errors.notCompiled(fault)).hasMessageStartingWith("The training can't start: CUDA");
    assertThat(errors.failed(3, fault))
        .hasMessageStartingWith("TensorFlow failed in training step 3: CUDA error")
        .hasMessageContaining("can't use the GPU any more")
        .hasMessageContaining("last checkpoint");
  }

  @Test
  void theRestIsAsItWas() {
    TensorFlowException cause = new TensorFlowException("no kernel");
    assertThat(errors.notCompiled(cause))
        .hasMessage("XLA could not compile the training step: no kernel\nTrain with XLA off.");
    assertThat(errors.failed(2, cause))
        .hasMessage("TensorFlow failed in training step 2: no kernel");
    assertThat(
            errors.notStarted(new TensorFlowException("CUDA_ERROR_OUT_OF_MEMORY: out of memory")))
        .hasMessageStartingWith("The training can't start: CUDA_ERROR_OUT_OF_MEMORY")
        .hasMessageContaining("Memory ran out. Other processes");
  }

  @Test
  void ofTheExhaustedResourcesMemoryIsOne() {
    TFResourceExhaustedException memory = new TFResourceExhaustedException("OOM when allocating");
    assertThat(errors.failed(3, memory))
        .hasMessageStartingWith("Memory ran out in training step 3, with 4 crops of 33 pixels");
    assertThat(errors.notCompiled(memory)).hasMessageStartingWith("Memory ran out when XLA");
    TFResourceExhaustedException disk =
        new TFResourceExhaustedException("/tmp/module.txt; No space left on device");
    assertThat(errors.failed(3, disk))
        .hasMessageContaining("No space left on device")
        .hasMessageNotContaining("emory");
    assertThat(errors.notCompiled(disk))
        .hasMessageContaining("No space left on device")
        .hasMessageNotContaining("emory");
  }
}
