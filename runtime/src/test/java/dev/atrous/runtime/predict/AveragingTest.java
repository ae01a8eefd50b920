package dev.atrous.runtime.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AveragingTest {
  @Test
  void thePapersScales() {
    assertThat(Averaging.MULTI_SCALE.scales()).containsExactly(0.5, 0.75, 1.0, 1.25, 1.5, 1.75);
    assertThat(Averaging.MULTI_SCALE.flip()).isFalse();
    assertThat(Averaging.MULTI_SCALE.withScales(List.of(1.0))).isEqualTo(Averaging.NONE);
  }

  @Test
  void mistakesAreExplained() {
    assertMistake(List.of(), "There is no scale; give at least one, 1 for the image as it is.");
    assertMistake(
        List.of(1.0, 0.0),
        "A scale is 0.0; it must be more than 0 and at most 16, where 1 is the image as it is.");
    assertMistake(List.of(-1.0), "A scale is -1.0;");
    assertMistake(List.of(Double.NaN), "A scale is NaN;");
    assertMistake(List.of(50.0, 100.0), "A scale is 50.0;");
    assertMistake(List.of(1.0, 0.5, 1.0), "The scales [1.0, 0.5, 1.0] have one twice");
  }

  private static void assertMistake(List<Double> scales, String message) {
    assertThatThrownBy(() -> Averaging.NONE.withScales(scales))
        .isInstanceOf(AtrousException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void scalesAreCopied() {
    List<Double> scales = new ArrayList<>(List.of(1.0));
    Averaging averaging = Averaging.NONE.withScales(scales);
    scales.set(0, -1.0);
    assertThat(averaging.scales()).containsExactly(1.0);
  }
}
