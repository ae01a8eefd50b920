package dev.atrous.processor.interpreter;

import static dev.atrous.processor.interpreter.OneNode.row;
import static dev.atrous.processor.interpreter.OneNode.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.GradientOp;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Operations that work element by element or move elements. */
final class ElementsTest {
  private static final Tensor MAPS = Tensor.of(List.of(2, 1, 2, 2), 1.0, 2, 3, 4, 5, 6, 7, 8);
  private static final Tensor PER_IMAGE = Tensor.of(List.of(2, 1, 1, 2), 10.0, 20, 30, 40);

  @Test
  void normalisesBytesByChannel() {
    Tensor images = Tensor.of(List.of(1, 1, 2, 2), 0.0, 10, 255, 20);
    ForwardOp op = new ForwardOp.Normalize(List.of(5.0, 10.0), List.of(10.0, 2.0));
    assertThat(new OneNode().bytes(images).apply(op).get(0).values())
        .containsExactly(-0.5, 0, 25, 5);
  }

  @Test
  void normalisesBandsByParameters() {
    Tensor images = Tensor.of(List.of(1, 1, 2, 2), 0.0, 10, 255, 20);
    assertThat(
            new OneNode()
                .bytes(images)
                .floats(vector(5, 10))
                .floats(vector(10, 2))
                .apply(new ForwardOp.NormalizeBands())
                .get(0)
                .values())
        .containsExactly(-0.5, 0, 25, 5);
  }

  @Test
  void reluCutsNegatives() {
    assertThat(OneNode.apply(new ForwardOp.Relu(), row(-1, 0, 2)).get(0).values())
        .containsExactly(0, 0, 2);
    GradientOp gradient = new GradientOp.ReluGradient();
    assertThat(OneNode.apply(gradient, row(5, 6, 7), row(0, 0, 2)).get(0).values())
        .containsExactly(0, 0, 7);
  }

  @Test
  void adds() {
    assertThat(OneNode.apply(new ForwardOp.Add(), row(1, 2), row(10, 20)).get(0).values())
        .containsExactly(11, 22);
    assertThat(OneNode.apply(new ForwardOp.AddBias(), MAPS, vector(10, 20)).get(0).values())
        .containsExactly(11, 22, 13, 24, 15, 26, 17, 28);
    assertThat(OneNode.apply(new ForwardOp.AddPerImage(), MAPS, PER_IMAGE).get(0).values())
        .containsExactly(11, 22, 13, 24, 35, 46, 37, 48);
  }

  @Test
  void sums() {
    assertThat(OneNode.apply(new GradientOp.BiasGradient(), MAPS).get(0).values())
        .containsExactly(16, 20);
    Tensor perImage = OneNode.apply(new GradientOp.SumPerImage(), MAPS).get(0);
    assertThat(perImage.shape()).containsExactly(2, 1, 1, 2);
    assertThat(perImage.values()).containsExactly(4, 6, 12, 14);
  }

  @Test
  void repeatsPerImage() {
    Tensor like = Tensor.zeros(List.of(2, 2, 1, 3));
    Tensor y = OneNode.apply(new ForwardOp.Broadcast(), PER_IMAGE, like).get(0);
    assertThat(y.shape()).containsExactly(2, 2, 1, 2);
    assertThat(y.values()).containsExactly(10, 20, 10, 20, 30, 40, 30, 40);
  }

  @Test
  void concatenatesChannels() {
    Tensor narrow = Tensor.of(List.of(2, 1, 2, 1), -1.0, -2, -3, -4);
    assertThat(OneNode.apply(new ForwardOp.Concat(), MAPS, narrow, narrow).get(0).values())
        .containsExactly(1, 2, -1, -1, 3, 4, -2, -2, 5, 6, -3, -3, 7, 8, -4, -4);
  }

  @Test
  void slicesAnyAxis() {
    assertThat(OneNode.apply(new ForwardOp.Slice(0, 1, 2), MAPS).get(0).values())
        .containsExactly(5, 6, 7, 8);
    assertThat(OneNode.apply(new ForwardOp.Slice(2, 1, 2), MAPS).get(0).values())
        .containsExactly(3, 4, 7, 8);
    assertThat(OneNode.apply(new ForwardOp.Slice(3, 0, 1), MAPS).get(0).values())
        .containsExactly(1, 3, 5, 7);
    assertThat(OneNode.apply(new ForwardOp.Slice(0, 1, 3), vector(1, 2, 3, 4)).get(0).values())
        .containsExactly(2, 3);
  }

  @Test
  void sliceGradientPutsZerosAround() {
    Tensor dy = Tensor.of(List.of(2, 1, 1, 2), 1.0, 2, 3, 4);
    assertThat(OneNode.apply(new GradientOp.SliceGradient(2, 1, 2), dy, MAPS).get(0).values())
        .containsExactly(0, 0, 1, 2, 0, 0, 3, 4);
  }

  /** Of (3, 4) and (12) together the norm is 13. */
  @Test
  void clipsTheNormOfAllTogether() {
    Tensor pair = vector(3, 4);
    Tensor one = vector(12);
    assertThat(OneNode.apply(new GradientOp.ClipFactor(6.5), pair, one).get(0).at(0))
        .isCloseTo(6.5 / 13.000001, offset(1e-12));
    assertThat(OneNode.apply(new GradientOp.ClipFactor(14), pair, one).get(0).at(0)).isEqualTo(1);
  }

  @Test
  void multipliesByAScalar() {
    assertThat(
            OneNode.apply(new GradientOp.Multiply(), row(1, -2), Tensor.scalar(3)).get(0).values())
        .containsExactly(3, -6);
  }
}
