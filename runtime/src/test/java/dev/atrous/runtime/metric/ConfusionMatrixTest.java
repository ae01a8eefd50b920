package dev.atrous.runtime.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
  private static final byte VOID = (byte) 255;

  /** Truth 0 0 0 1 1 1 v, prediction 0 0 1 1 1 0 0: 2 right of each, 1 wrong each way. */
  private static ConfusionMatrix handMade() {
    ConfusionMatrix matrix = new ConfusionMatrix(3);
    matrix.add(new byte[] {0, 0, 0, 1, 1, 1, VOID}, new byte[] {0, 0, 1, 1, 1, 0, 0});
    return matrix;
  }

  @Test
  void countsTruthByPrediction() {
    ConfusionMatrix matrix = handMade();
    assertThat(matrix.count(0, 0)).isEqualTo(2);
    assertThat(matrix.count(0, 1)).isEqualTo(1);
    assertThat(matrix.count(1, 0)).isEqualTo(1);
    assertThat(matrix.count(1, 1)).isEqualTo(2);
  }

  @Test
  void absentClassIsNaNAndLeftOutOfTheMean() {
    ConfusionMatrix matrix = handMade();
    assertThat(matrix.perClassIou()).containsExactly(0.5, 0.5, Double.NaN);
    assertThat(matrix.meanIou()).isEqualTo(0.5);
    assertThat(matrix.pixelAccuracy()).isCloseTo(4.0 / 6, within(1e-12));
  }

  @Test
  void classThatIsOnlyPredictedCountsAsZero() {
    ConfusionMatrix matrix = handMade();
    matrix.add(new byte[] {1}, new byte[] {2});
    assertThat(matrix.iou(2)).isZero();
    assertThat(matrix.iou(1)).isEqualTo(2.0 / 5);
    assertThat(matrix.meanIou()).isCloseTo((0.5 + 0.4 + 0) / 3, within(1e-12));
  }

  @Test
  void mergedMatricesEqualOneThatSawAll() {
    ConfusionMatrix one = handMade();
    one.merge(handMade());
    ConfusionMatrix both = handMade();
    both.add(new byte[] {0, 0, 0, 1, 1, 1}, new byte[] {0, 0, 1, 1, 1, 0});
    for (int truth = 0; truth < 3; truth++) {
      for (int prediction = 0; prediction < 3; prediction++) {
        assertThat(one.count(truth, prediction)).isEqualTo(both.count(truth, prediction));
      }
    }
    assertThatThrownBy(() -> one.merge(new ConfusionMatrix(2)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nothingCountedHasNoMean() {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    matrix.add(new byte[] {VOID}, new byte[] {1});
    assertThat(matrix.meanIou()).isNaN();
    assertThat(matrix.pixelAccuracy()).isNaN();
  }

  @Test
  void labelsAreUnsigned() {
    ConfusionMatrix matrix = new ConfusionMatrix(255);
    matrix.add(new byte[] {(byte) 254}, new byte[] {(byte) 254});
    assertThat(matrix.iou(254)).isEqualTo(1);
  }

  @Test
  void refusesWhatItCannotCount() {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    assertThatThrownBy(() -> matrix.add(new byte[2], new byte[1]))
        .hasMessageContaining("2 true labels, 1 predicted");
    assertThatThrownBy(() -> matrix.add(new byte[] {2}, new byte[] {0}))
        .hasMessageContaining("true label 2");
    assertThatThrownBy(() -> matrix.add(new byte[] {0}, new byte[] {2}))
        .hasMessageContaining("predicted 2");
  }
}
