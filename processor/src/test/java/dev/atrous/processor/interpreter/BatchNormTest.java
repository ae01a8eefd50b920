package dev.atrous.processor.interpreter;

import static dev.atrous.processor.interpreter.OneNode.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.GradientOp;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With mean 3, squared deviations 4, 1, 0, 9 and an epsilon of 0.5, the divisor is 2. */
final class BatchNormTest {
  private static final double EPSILON = 0.5;
  private static final Tensor MAP = Tensor.of(List.of(2, 1, 2, 1), 1.0, 2, 3, 6);
  private static final Tensor GAMMA = vector(2);
  private static final Tensor BETA = vector(1);

  @Test
  void normalisesWithTheStatisticsOfTheBatch() {
    List<Tensor> outputs =
        OneNode.apply(new ForwardOp.BatchNormTraining(EPSILON), MAP, GAMMA, BETA);
    assertThat(outputs.get(0).values()).containsExactly(-1, 0, 1, 4);
    assertThat(outputs.get(1).values()).containsExactly(3);
    assertThat(outputs.get(2).at(0)).isCloseTo(14.0 / 3, within(1e-15));
    assertThat(outputs.get(3).shape()).containsExactly(2, 1);
    assertThat(outputs.get(3).values()).containsExactly(3, 3.5);
  }

  @Test
  void keepsChannelsApart() {
    Tensor map = Tensor.of(List.of(1, 2, 1, 2), 1.0, 7, 5, 7);
    List<Tensor> outputs =
        OneNode.apply(new ForwardOp.BatchNormTraining(5), map, vector(3, 4), vector(1, 10));
    assertThat(outputs.get(0).values()).containsExactly(-1, 10, 3, 10);
    assertThat(outputs.get(1).values()).containsExactly(3, 7);
    assertThat(outputs.get(2).values()).containsExactly(8, 0);
    assertThat(outputs.get(3).values()).containsExactly(3, 7, 4, 0);
  }

  @Test
  void theVarianceOfASingleElementIsZero() {
    Tensor map = Tensor.of(List.of(1, 1, 1, 1), 5.0);
    List<Tensor> outputs =
        OneNode.apply(new ForwardOp.BatchNormTraining(EPSILON), map, GAMMA, BETA);
    assertThat(outputs.get(0).values()).containsExactly(1);
    assertThat(outputs.get(2).values()).containsExactly(0);
  }

  @Test
  void normalisesWithGivenStatistics() {
    ForwardOp op = new ForwardOp.BatchNorm(EPSILON);
    assertThat(OneNode.apply(op, MAP, GAMMA, BETA, vector(2), vector(3.5)).get(0).values())
        .containsExactly(0, 1, 2, 5);
  }

  @Test
  void gradientTakesOutWhatTheStatisticsFollow() {
    Tensor dy = Tensor.of(List.of(2, 1, 2, 1), 1.0, 0, 0, 0);
    Tensor saved = Tensor.of(List.of(2, 1), 3, 3.5);
    List<Tensor> gradients =
        OneNode.apply(new GradientOp.BatchNormGradient(EPSILON), dy, MAP, GAMMA, saved);
    assertThat(gradients.get(0).values()).containsExactly(0.5, -0.375, -0.25, 0.125);
    assertThat(gradients.get(1).values()).containsExactly(-1);
    assertThat(gradients.get(2).values()).containsExactly(1);
  }

  /** The interpreter's batch is that of all workers. */
  @Test
  void synchronizedIsNormalisationOverTheBatchesOfAllWorkers() {
    Tensor dy = Tensor.of(List.of(2, 1, 2, 1), 1.0, 0, 0, 0);
    List<Tensor> outputs =
        OneNode.apply(new ForwardOp.SynchronizedBatchNorm(EPSILON), MAP, GAMMA, BETA);
    List<Tensor> ofOne = OneNode.apply(new ForwardOp.BatchNormTraining(EPSILON), MAP, GAMMA, BETA);
    for (int i = 0; i < 4; i++) {
      assertThat(outputs.get(i).values()).isEqualTo(ofOne.get(i).values());
    }
    GradientOp gradient = new GradientOp.SynchronizedBatchNormGradient(EPSILON);
    List<Tensor> gradients = OneNode.apply(gradient, dy, MAP, GAMMA, outputs.get(3));
    assertThat(gradients.get(0).values()).containsExactly(0.5, -0.375, -0.25, 0.125);
    assertThat(gradients.get(1).values()).containsExactly(-1);
    assertThat(gradients.get(2).values()).containsExactly(1);
  }

  @Test
  void gradientWithGivenStatisticsIsAScale() {
    Tensor dy = Tensor.of(List.of(2, 1, 2, 1), 1.0, 2, 3, 4);
    GradientOp op = new GradientOp.FrozenBatchNormGradient(1);
    List<Tensor> gradients = OneNode.apply(op, dy, MAP, vector(6), vector(2), vector(8));
    assertThat(gradients.get(0).values()).containsExactly(2, 4, 6, 8);
    assertThat(gradients.get(1).at(0)).isCloseTo((-1 + 0 + 3 + 16) / 3.0, within(1e-15));
    assertThat(gradients.get(2).values()).containsExactly(10);
  }
}
