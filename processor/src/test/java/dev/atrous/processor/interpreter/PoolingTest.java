package dev.atrous.processor.interpreter;

import static dev.atrous.processor.interpreter.OneNode.square;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.GradientOp;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PoolingTest {

  private static Tensor counting(int side) {
    return square(side, IntStream.rangeClosed(1, side * side).asDoubleStream().toArray());
  }

  private static double[] maxPool(int kernel, int stride, Tensor x) {
    return OneNode.apply(new ForwardOp.MaxPool(kernel, stride), x).get(0).values();
  }

  @Test
  void centresTheFirstWindowOnTheFirstPixel() {
    assertThat(maxPool(3, 2, counting(4))).containsExactly(6, 8, 14, 16);
    assertThat(maxPool(3, 2, counting(3))).containsExactly(5, 6, 8, 9);
    assertThat(maxPool(3, 1, counting(2))).containsExactly(4, 4, 4, 4);
  }

  @Test
  void neverTakesWhatLiesOutside() {
    assertThat(maxPool(3, 2, counting(4).map(x -> -x))).containsExactly(-1, -2, -5, -6);
  }

  @Test
  void keepsChannelsApart() {
    Tensor x = Tensor.of(List.of(1, 1, 2, 2), 1.0, 20, 3, 4);
    assertThat(maxPool(3, 2, x)).containsExactly(3, 20);
  }

  @Test
  void gradientGoesToTheMaximum() {
    Tensor dy = square(2, 1, 10, 100, 1000);
    Tensor y = square(2, 6, 8, 14, 16);
    double[] dx =
        OneNode.apply(new GradientOp.MaxPoolGradient(3, 2), counting(4), y, dy).get(0).values();
    assertThat(dx).containsExactly(0, 0, 0, 0, 0, 1, 0, 10, 0, 0, 0, 0, 0, 100, 0, 1000);
  }

  @Test
  void gradientAddsUpWhereWindowsOverlap() {
    Tensor x = square(3, 0, 0, 0, 0, 1, 0, 0, 0, 0);
    Tensor y = square(2, 1, 1, 1, 1);
    double[] dx =
        OneNode.apply(new GradientOp.MaxPoolGradient(3, 2), x, y, square(2, 1, 2, 3, 4))
            .get(0)
            .values();
    assertThat(dx).containsExactly(0, 0, 0, 0, 10, 0, 0, 0, 0);
  }

  @Test
  void gradientGoesToTheFirstOfEqualMaxima() {
    Tensor zeros = Tensor.zeros(List.of(1, 3, 3, 1));
    Tensor y = Tensor.zeros(List.of(1, 2, 2, 1));
    double[] dx =
        OneNode.apply(new GradientOp.MaxPoolGradient(3, 2), zeros, y, square(2, 1, 2, 3, 4))
            .get(0)
            .values();
    assertThat(dx).containsExactly(1, 2, 0, 3, 4, 0, 0, 0, 0);
  }

  @Test
  void subsamplingStartsAtTheFirstPixel() {
    assertThat(OneNode.apply(new ForwardOp.Subsample(2), counting(3)).get(0).values())
        .containsExactly(1, 3, 7, 9);
    assertThat(OneNode.apply(new ForwardOp.Subsample(2), counting(4)).get(0).values())
        .containsExactly(1, 3, 9, 11);
    assertThat(OneNode.apply(new ForwardOp.Subsample(3), counting(4)).get(0).values())
        .containsExactly(1, 4, 13, 16);
  }

  @Test
  void subsamplingGradientPutsZerosBetween() {
    Tensor dy = square(2, 1, 2, 3, 4);
    assertThat(OneNode.apply(new GradientOp.SubsampleGradient(2), dy, counting(3)).get(0).values())
        .containsExactly(1, 0, 2, 0, 0, 0, 3, 0, 4);
    assertThat(OneNode.apply(new GradientOp.SubsampleGradient(2), dy, counting(4)).get(0).values())
        .containsExactly(1, 0, 2, 0, 0, 0, 0, 0, 3, 0, 4, 0, 0, 0, 0, 0);
  }

  @Test
  void globalAveragesAreOfOneImageAndChannel() {
    Tensor x = Tensor.of(List.of(2, 1, 2, 2), 1.0, 10, 3, 30, 5, 50, 9, 90);
    Tensor y = OneNode.apply(new ForwardOp.GlobalAveragePool(), x).get(0);
    assertThat(y.shape()).containsExactly(2, 1, 1, 2);
    assertThat(y.values()).containsExactly(2, 20, 7, 70);
    Tensor dy = Tensor.of(List.of(2, 1, 1, 2), 2.0, 4, 6, 8);
    assertThat(OneNode.apply(new GradientOp.GlobalAveragePoolGradient(), dy, x).get(0).values())
        .containsExactly(1, 2, 1, 2, 3, 4, 3, 4);
  }
}
