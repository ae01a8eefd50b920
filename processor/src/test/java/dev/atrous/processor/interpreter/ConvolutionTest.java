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

final class ConvolutionTest {
  private static final Tensor DIGITS = Tensor.of(List.of(1, 3, 1, 1), 1.0, 10, 100);

  private static double[] conv(int stride, int rate, double... x) {
    return OneNode.apply(new ForwardOp.Conv2D(stride, rate), row(x), DIGITS).get(0).values();
  }

  @Test
  void putsZerosBeforeAndBehindTheMap() {
    assertThat(conv(1, 1, 1, 2, 3, 4, 5)).containsExactly(210, 321, 432, 543, 54);
  }

  @Test
  void centresTheFirstWindowOnTheFirstPixelWhateverTheSize() {
    assertThat(conv(2, 1, 1, 2, 3, 4, 5)).containsExactly(210, 432, 54);
    assertThat(conv(2, 1, 1, 2, 3, 4)).containsExactly(210, 432);
  }

  @Test
  void spreadsTheTapsByTheRate() {
    assertThat(conv(1, 2, 1, 2, 3, 4, 5)).containsExactly(310, 420, 531, 42, 53);
    assertThat(conv(2, 2, 1, 2, 3, 4, 5)).containsExactly(310, 531, 53);
    assertThat(conv(2, 2, 1, 2, 3, 4)).containsExactly(310, 31);
  }

  @Test
  void isOnePixelWideWhereTheRateReachesTheSizeOfTheMap() {
    assertThat(conv(1, 4, 1, 2, 3, 4, 5)).containsExactly(510, 20, 30, 40, 51);
    assertThat(conv(1, 5, 1, 2, 3, 4, 5)).containsExactly(10, 20, 30, 40, 50);
  }

  @Test
  void goesAlongBothAxes() {
    Tensor map = square(2, 1, 2, 3, 4);
    Tensor weights = Tensor.of(List.of(3, 3, 1, 1), 1.0, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(OneNode.apply(new ForwardOp.Conv2D(1, 1), map, weights).get(0).values())
        .containsExactly(77, 67, 47, 37);
  }

  @Test
  void sumsOverInputChannels() {
    Tensor map = Tensor.of(List.of(1, 1, 1, 2), 1.0, 2);
    Tensor weights = Tensor.of(List.of(1, 1, 2, 3), 3.0, 4, 5, 6, 7, 8);
    assertThat(OneNode.apply(new ForwardOp.Conv2D(1, 1), map, weights).get(0).values())
        .containsExactly(15, 18, 21);
  }

  @Test
  void keepsImagesApart() {
    Tensor maps = Tensor.of(List.of(2, 1, 2, 1), 1.0, 2, 3, 4);
    assertThat(OneNode.apply(new ForwardOp.Conv2D(1, 1), maps, DIGITS).get(0).values())
        .containsExactly(210, 21, 430, 43);
  }

  @Test
  void mapGradientSpreadsTheWeights() {
    GradientOp gradient = new GradientOp.Conv2DInputGradient(2, 1);
    Tensor like = row(0, 0, 0, 0, 0);
    assertThat(OneNode.apply(gradient, DIGITS, row(1, 0, 0), like).get(0).values())
        .containsExactly(10, 100, 0, 0, 0);
    assertThat(OneNode.apply(gradient, DIGITS, row(0, 1, 0), like).get(0).values())
        .containsExactly(0, 1, 10, 100, 0);
  }

  @Test
  void weightsGradientIsWhatTheTapsSee() {
    GradientOp gradient = new GradientOp.Conv2DFilterGradient(2, 1);
    Tensor map = row(1, 2, 3, 4, 5);
    assertThat(OneNode.apply(gradient, map, row(1, 0, 0), DIGITS).get(0).values())
        .containsExactly(0, 1, 2);
    assertThat(OneNode.apply(gradient, map, row(1, 2, 0), DIGITS).get(0).values())
        .containsExactly(4, 7, 10);
  }

  @ParameterizedTest
  @CsvSource({"5,1,1", "5,2,1", "6,2,1", "6,2,2", "5,1,3", "4,1,4", "4,2,7"})
  void gradientsAreTransposes(int size, int stride, int rate) {
    Random random = new Random(size * 100 + stride * 10 + rate);
    Tensor map = Tensor.uniform(List.of(2, size, size + 1, 3), random, -1, 1);
    Tensor weights = Tensor.uniform(List.of(3, 3, 3, 2), random, -1, 1);
    Tensor y = OneNode.apply(new ForwardOp.Conv2D(stride, rate), map, weights).get(0);
    Tensor dy = Tensor.uniform(y.shape(), random, -1, 1);
    GradientOp byMap = new GradientOp.Conv2DInputGradient(stride, rate);
    GradientOp byWeights = new GradientOp.Conv2DFilterGradient(stride, rate);
    double product = y.dot(dy);
    assertThat(OneNode.apply(byMap, weights, dy, map).get(0).dot(map))
        .isCloseTo(product, within(1e-12));
    assertThat(OneNode.apply(byWeights, map, dy, weights).get(0).dot(weights))
        .isCloseTo(product, within(1e-12));
    if (stride == 1) {
      GradientOp byTaps = new GradientOp.Conv2DFilterGradientByTaps(rate);
      assertThat(OneNode.apply(byTaps, map, dy, weights).get(0).dot(weights))
          .isCloseTo(product, within(1e-12));
    }
  }
}
