package dev.atrous.processor.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.train.RunChecks;
import org.junit.jupiter.api.Test;

/** The runtime warns of the values of a run where the compiler would of the spec's. */
class RunChecksAgreeTest {
  @Test
  void onTheMovingAverages() {
    assertThat(RunChecks.LARGEST_REMAINDER).isEqualTo(TrainingReader.LARGEST_REMAINDER);
    assertThat(RunChecks.SMALL_REMAINDER).isEqualTo(TrainingReader.SMALL_REMAINDER);
  }
}
