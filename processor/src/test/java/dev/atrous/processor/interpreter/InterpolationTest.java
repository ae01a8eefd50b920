package dev.atrous.processor.interpreter;

import static dev.atrous.processor.interpreter.OneNode.row;
import static dev.atrous.processor.interpreter.OneNode.square;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.GradientOp;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InterpolationTest {

  private static double[] interpolate(boolean alignCorners, int width, double... x) {
    Tensor like = Tensor.zeros(List.of(1, 1, width, 1));
    return OneNode.apply(new ForwardOp.Interpolate(alignCorners), row(x), like).get(0).values();
  }

  @Test
  void alignedCornersKeepTheirValues() {
    assertThat(interpolate(true, 4, 0, 3)).containsExactly(0, 1, 2, 3);
    assertThat(interpolate(true, 5, 0, 2, 10)).containsExactly(0, 1, 2, 6, 10);
    assertThat(interpolate(true, 3, 0, 1, 2, 3, 10)).containsExactly(0, 2, 10);
    assertThat(interpolate(true, 2, 0, 1, 2, 3)).containsExactly(0, 3);
  }

  @Test
  void halfPixelCentresAreOffsetByHalfAStep() {
    assertThat(interpolate(false, 4, 0, 3)).containsExactly(0, 0.75, 2.25, 3);
    assertThat(interpolate(false, 2, 0, 1, 2, 3)).containsExactly(0.5, 2.5);
    assertThat(interpolate(false, 2, 1, 5, 0, 0, 3, 7)).containsExactly(5, 3);
  }

  @Test
  void singlePixelsAreRepeatedAndTaken() {
    assertThat(interpolate(true, 3, 7)).containsExactly(7, 7, 7);
    assertThat(interpolate(false, 3, 7)).containsExactly(7, 7, 7);
    assertThat(interpolate(true, 1, 1, 2, 4)).containsExactly(1);
    assertThat(interpolate(false, 1, 1, 2, 4)).containsExactly(2);
  }

  @Test
  void theSameSizeIsTheSameMap() {
    assertThat(interpolate(true, 3, 1, 5, 2)).containsExactly(1, 5, 2);
    assertThat(interpolate(false, 3, 1, 5, 2)).containsExactly(1, 5, 2);
  }

  @Test
  void goesAlongRowsAndColumns() {
    Tensor x = square(2, 0, 4, 8, 100);
    Tensor like = Tensor.zeros(List.of(1, 3, 2, 5));
    Tensor y = OneNode.apply(new ForwardOp.Interpolate(true), x, like).get(0);
    assertThat(y.shape()).containsExactly(1, 3, 2, 1);
    assertThat(y.values()).containsExactly(0, 4, 4, 52, 8, 100);
  }

  @Test
  void takesTheSizeOfLabels() {
    Tensor labels = Tensor.zeros(List.of(1, 1, 3));
    List<Tensor> outputs =
        new OneNode().floats(row(0, 2)).bytes(labels).apply(new ForwardOp.Interpolate(true));
    assertThat(outputs.get(0).values()).containsExactly(0, 1, 2);
  }

  @Test
  void gradientGivesEachNeighbourItsShare() {
    GradientOp op = new GradientOp.InterpolateGradient(false);
    assertThat(OneNode.apply(op, row(1, 10, 100, 1000), row(0, 0)).get(0).values())
        .containsExactly(33.5, 1077.5);
  }

  @ParameterizedTest
  @CsvSource({"true,3,7", "false,3,7", "true,8,3", "false,8,3", "true,1,4", "false,4,1"})
  void gradientIsTheTranspose(boolean alignCorners, int from, int to) {
    Random random = new Random(from * 10 + to);
    Tensor x = Tensor.uniform(List.of(2, from, from + 1, 2), random, -1, 1);
    Tensor dy = Tensor.uniform(List.of(2, to, to + 2, 2), random, -1, 1);
    Tensor y = OneNode.apply(new ForwardOp.Interpolate(alignCorners), x, dy).get(0);
    Tensor dx = OneNode.apply(new GradientOp.InterpolateGradient(alignCorners), dy, x).get(0);
    assertThat(dx.dot(x)).isCloseTo(y.dot(dy), within(1e-12));
  }
}
