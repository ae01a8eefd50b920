package dev.atrous.processor.interpreter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.processor.ir.ForwardOp;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class CrossEntropyTest {
  private static final Offset<Double> ROUNDING = within(1e-14);

  private static List<Tensor> entropy(double[] logits, double... labels) {
    int pixels = labels.length;
    return new OneNode()
        .floats(Tensor.of(List.of(1, 1, pixels, logits.length / pixels), logits))
        .bytes(Tensor.of(List.of(1, 1, pixels), labels))
        .apply(new ForwardOp.SoftmaxCrossEntropy());
  }

  @Test
  void isTheMeanLogarithmOfTheProbabilities() {
    List<Tensor> outputs = entropy(new double[] {0, 0, Math.log(3), 0}, 0, 1);
    assertThat(outputs.get(0).shape()).isEmpty();
    assertThat(outputs.get(0).at(0)).isCloseTo((Math.log(2) + Math.log(4)) / 2, ROUNDING);
    assertThat(outputs.get(1).values())
        .containsExactly(new double[] {-0.25, 0.25, 0.375, -0.375}, ROUNDING);
  }

  @Test
  void ignoredPixelsDoNotCount() {
    List<Tensor> outputs = entropy(new double[] {0, 0, 5, 7, Math.log(3), 0}, 0, 255, 1);
    assertThat(outputs.get(0).at(0)).isCloseTo((Math.log(2) + Math.log(4)) / 2, ROUNDING);
    assertThat(outputs.get(1).values())
        .containsExactly(new double[] {-0.25, 0.25, 0, 0, 0.375, -0.375}, ROUNDING);
  }

  @Test
  void isZeroWhereAllPixelsAreIgnored() {
    List<Tensor> outputs = entropy(new double[] {1, 2, 3, 4}, 255, 255);
    assertThat(outputs.get(0).at(0)).isZero();
    assertThat(outputs.get(1).values()).containsExactly(0, 0, 0, 0);
  }

  @Test
  void copesWithLargeLogits() {
    List<Tensor> outputs = entropy(new double[] {1000, 0, -1000}, 1);
    assertThat(outputs.get(0).at(0)).isEqualTo(1000);
    assertThat(outputs.get(1).values()).containsExactly(new double[] {1, -1, 0}, ROUNDING);
  }

  @Test
  void refusesLabelsThatAreNoClass() {
    assertThatThrownBy(() -> entropy(new double[] {0, 0}, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("label 2 of 2 classes");
  }
}
