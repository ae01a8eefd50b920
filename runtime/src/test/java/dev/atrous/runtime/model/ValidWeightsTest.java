package dev.atrous.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ValidWeightsTest {
  private static final double EXACT = 1e-12;

  /** Against a filter that is moved over the map. */
  @ParameterizedTest
  @CsvSource({
    "65, 65, 1",
    "65, 65, 24",
    "65, 65, 32",
    "65, 65, 33",
    "65, 65, 64",
    "65, 65, 65",
    "65, 65, 200",
    "33, 33, 16",
    "33, 33, 17",
    "8, 8, 3",
    "8, 8, 4",
    "8, 8, 5",
    "1, 1, 1",
    "2, 2, 1",
    "9, 4, 3",
    "4, 9, 3"
  })
  void areThoseOfEachPosition(int height, int width, int rate) {
    int[] positions = new int[10];
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        positions[valid(row, height, rate) * valid(column, width, rate)]++;
      }
    }
    ValidWeights weights = new ValidWeights(height, width, rate);
    double all = height * (double) width;
    double mean = 0;
    for (int valid = 1; valid < positions.length; valid++) {
      assertThat(weights.positions(valid)).isCloseTo(positions[valid] / all, within(EXACT));
      mean += valid / 9.0 * positions[valid] / all;
    }
    assertThat(weights.share()).isCloseTo(mean, within(EXACT));
    assertThat(weights.otherPositions())
        .isCloseTo((positions[6] + positions[2]) / all, within(EXACT));
  }

  private static int valid(int position, int size, int rate) {
    int taps = 0;
    for (int tap = -1; tap <= 1; tap++) {
      int at = position + tap * rate;
      taps += at >= 0 && at < size ? 1 : 0;
    }
    return taps;
  }

  /** What the paper says of Figure 4. */
  @Test
  void aFilterAsLargeAsTheMapIsPointwise() {
    assertThat(new ValidWeights(65, 65, 1).positions(9)).isGreaterThan(0.9);
    ValidWeights extreme = new ValidWeights(65, 65, 65);
    assertThat(extreme.positions(1)).isOne();
    assertThat(extreme.share()).isCloseTo(1 / 9.0, within(EXACT));
  }
}
