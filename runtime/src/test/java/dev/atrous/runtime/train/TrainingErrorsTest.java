package dev.atrous.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.TinyModel;
import org.junit.jupiter.api.Test;
import org.tensorflow.exceptions.TFResourceExhaustedException;

class TrainingErrorsTest {
  private static final TrainingErrors ERRORS =
      new TrainingErrors(TrainingOptions.of(new TinyModel().description()).build());

  @Test
  void ofTheExhaustedResourcesMemoryIsOne() {
    TFResourceExhaustedException memory = new TFResourceExhaustedException("OOM when allocating");
    assertThat(ERRORS.failed(3, memory))
        .hasMessageStartingWith("Memory ran out in training step 3, with 4 crops of 33 pixels");
    assertThat(ERRORS.notCompiled(memory)).hasMessageStartingWith("Memory ran out when XLA");
    TFResourceExhaustedException disk =
        new TFResourceExhaustedException("/tmp/module.txt; No space left on device");
    assertThat(ERRORS.failed(3, disk))
        .hasMessageContaining("No space left on device")
        .hasMessageNotContaining("emory");
    assertThat(ERRORS.notCompiled(disk))
        .hasMessageContaining("No space left on device")
        .hasMessageNotContaining("emory");
  }
}
