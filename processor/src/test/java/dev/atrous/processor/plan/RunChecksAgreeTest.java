package dev.atrous.processor.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.train.RunChecks;
import org.junit.jupiter.api.Test;

/** The runtime warns of the values of a run where the compiler would of the spec's. */
class RunChecksAgreeTest {
  @Test
  void onTheWeightsThatMeetTheMap() {
    assertThat(RunChecks.GOOD_SHARE).isEqualTo(RateChecks.GOOD_SHARE);
  }
}
