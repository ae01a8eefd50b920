package dev.atrous.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.annotation.Training;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.TinyModel;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {
  private static LearningRateSchedule poly(int warmup) {
    return new LearningRateSchedule(Training.Schedule.POLY, 0.007, 100, 0.9, warmup);
  }

  private static LearningRateSchedule cosine(int warmup) {
    return new LearningRateSchedule(Training.Schedule.COSINE, 0.2, 100, 0.9, warmup);
  }

  @Test
  void polyIsThePapersToTheBit() {
    for (long step : new long[] {0, 1, 50, 99}) {
      assertThat(poly(0).at(step)).isEqualTo(0.007 * Math.pow(1 - (double) step / 100, 0.9));
    }
    assertThat(poly(0).at(50)).isEqualTo(0.0037512, within(1e-7)); // 0.007 * 0.535887
    assertThat(poly(0).at(99)).isEqualTo(0.00011094, within(1e-8)); // 0.007 * 0.0158489
  }

  @Test
  void cosineFallsFromTheRateToZero() {
    assertThat(cosine(0).at(0)).isEqualTo(0.2);
    assertThat(cosine(0).at(25)).isEqualTo(0.1707107, within(1e-7)); // (1 + sqrt(1/2)) / 2
    assertThat(cosine(0).at(50)).isEqualTo(0.1, within(1e-12));
    assertThat(cosine(0).at(75)).isEqualTo(0.0292893, within(1e-7));
    assertThat(cosine(0).at(99)).isEqualTo(4.934396e-5, within(1e-11)); // 0.1 * (1 - cos(pi/100))
  }

  @Test
  void theRateRisesLinearlyAndTheScheduleBeginsAfterwards() {
    assertThat(LongStream.range(0, 5).mapToDouble(cosine(4)::at))
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : 1)
        .containsExactly(0.04, 0.08, 0.12, 0.16, 0.2);
    assertThat(cosine(4).at(52)).isEqualTo(0.1, within(1e-12)); // 48 of the 96 steps that follow
    assertThat(poly(20).at(0)).isEqualTo(0.007 / 21, within(1e-12));
    assertThat(poly(20).at(20)).isEqualTo(0.007);
    assertThat(poly(20).at(60)).isEqualTo(0.0037512, within(1e-7));
    assertThat(poly(99).at(99)).isEqualTo(0.007); // the last step
  }

  @Test
  void theWarmUpIsShorterThanTheRun() {
    TrainingOptions.Builder options =
        TrainingOptions.of(new TinyModel().description()).steps(100).warmupSteps(100);
    assertThatThrownBy(options::build)
        .isInstanceOf(AtrousException.class)
        .hasMessage(
            "The number of warm-up steps is 100; it must be at least 0 and less than the steps of"
                + " the run, 100.");
  }
}
