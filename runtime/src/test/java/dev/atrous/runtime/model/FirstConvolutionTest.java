package dev.atrous.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;

class FirstConvolutionTest {
  /** Two taps, red, green and blue, two outputs. */
  private static final float[] COLORS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

  private static final Shape SHAPE = Shape.of(1, 2, 3, 2);

  @Test
  void moreBandsRepeatTheColours() {
    float[] four = FirstConvolution.spread(COLORS, SHAPE, 4);
    assertThat(four).containsExactly(0.5f, 1, 3, 4, 5, 6, 0.5f, 1, 3.5f, 4, 9, 10, 11, 12, 3.5f, 4);
  }

  @Test
  void fewerBandsHaveTheirMean() {
    assertThat(FirstConvolution.spread(COLORS, SHAPE, 1)).containsExactly(9, 12, 27, 30);
    assertThat(FirstConvolution.spread(COLORS, SHAPE, 2))
        .containsExactly(4.5f, 6, 4.5f, 6, 13.5f, 15, 13.5f, 15);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 5, 6, 7, 13, 16})
  void theResponseToGreyStays(int bands) {
    float[] weights = FirstConvolution.spread(COLORS, SHAPE, bands);
    assertThat(weights).hasSize(2 * bands * 2);
    for (int tap = 0; tap < 2; tap++) {
      for (int out = 0; out < 2; out++) {
        float grey = 0;
        for (int band = 0; band < bands; band++) {
          grey += weights[(tap * bands + band) * 2 + out];
        }
        float before = 0;
        for (int color = 0; color < 3; color++) {
          before += COLORS[(tap * 3 + color) * 2 + out];
        }
        assertThat(grey).isCloseTo(before, within(1e-4f));
      }
    }
  }
}
