package dev.atrous.processor.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ValidWeightsTest {
  private static final double EXACT = 1e-12;

  private static ValidWeights of(int size, int kernel, ForwardOp.Conv2D conv) {
    GraphBuilder graph = new GraphBuilder("test");
    Scope scope = Scope.of("test");
    Value images =
        graph
            .add(scope, "images", new SourceOp.Input("images", TensorType.u8(1, size, size, 1)))
            .output();
    Value x =
        graph.add(scope, "x", new ForwardOp.Normalize(List.of(0.), List.of(1.)), images).output();
    ParameterSpec weights =
        new ParameterSpec("weights", List.of(kernel, kernel, 1, 1), ParameterSpec.Role.WEIGHTS);
    Value w = graph.add(scope, "weights", new SourceOp.Parameter(weights)).output();
    Node node = graph.add(scope, "conv", conv, x, w);
    return ValidWeights.of(node);
  }

  /** The figure of the paper: a 3x3 filter on a map of 65 x 65 pixels. */
  @ParameterizedTest
  @ValueSource(ints = {1, 6, 12, 24, 32, 33, 48, 64, 65, 100})
  void areThoseOfTheFigure(int rate) {
    ValidWeights valid = of(65, 3, new ForwardOp.Conv2D(1, rate));
    // Along an axis, three taps are valid in the middle, and one where both neighbours are outside.
    double three = Math.max(0, 65 - 2 * rate) / 65.0;
    double one = (rate >= 65 ? 65 : Math.max(0, 2 * rate - 65)) / 65.0;
    double two = 1 - three - one;
    assertThat(valid.positions(9)).isCloseTo(three * three, within(EXACT));
    assertThat(valid.positions(4)).isCloseTo(two * two, within(EXACT));
    assertThat(valid.positions(1)).isCloseTo(one * one, within(EXACT));
    double mean = (3 * three + 2 * two + one) / 3;
    assertThat(valid.share()).isCloseTo(mean * mean, within(EXACT));
  }

  @Test
  void aPointSeesItsPixel() {
    assertThat(of(9, 1, new ForwardOp.Conv2D(2, 1)).share()).isOne();
  }

  /** Of an even map, SAME adds its one pixel behind: every position but the last is whole. */
  @Test
  void paddingIsWhereTheConventionPutsIt() {
    ValidWeights same = of(8, 3, new ForwardOp.Conv2D(2, 1, Padding.SAME));
    assertThat(same.positions(9)).isCloseTo(9 / 16.0, within(EXACT));
    ValidWeights symmetric = of(8, 3, new ForwardOp.Conv2D(2, 1));
    assertThat(symmetric.positions(9)).isCloseTo(9 / 16.0, within(EXACT));
    assertThat(of(9, 3, new ForwardOp.Conv2D(2, 1)).positions(9))
        .isCloseTo(9 / 25.0, within(EXACT));
  }
}
