package dev.atrous.processor.interpreter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TensorTest {
  private static final Tensor TENSOR = Tensor.of(List.of(2, 3), 1.0, 2, 3, 4, 5, 6);

  @Test
  void isInRowMajorOrder() {
    assertThat(TENSOR.get(0, 2)).isEqualTo(3);
    assertThat(TENSOR.get(1, 0)).isEqualTo(4);
    assertThat(TENSOR.at(4)).isEqualTo(5);
    assertThat(Tensor.scalar(7).get()).isEqualTo(7);
  }

  @Test
  void doesNotChange() {
    double[] values = {1, 2};
    Tensor tensor = Tensor.of(List.of(2), values);
    values[0] = 5;
    tensor.values()[1] = 5;
    assertThat(tensor.values()).containsExactly(1, 2);
    assertThat(tensor.with(1, 9).values()).containsExactly(1, 9);
    assertThat(tensor.values()).containsExactly(1, 2);
  }

  @Test
  void convertsToAndFromWhatTensorFlowTakes() {
    float[] floats = {0.1f, -2.5f};
    assertThat(Tensor.of(List.of(2), floats).toFloats()).containsExactly(floats);
    assertThat(Tensor.of(List.of(2), 0.1, -2.5).toFloats()).containsExactly(floats);
    assertThat(Tensor.of(List.of(3), 0.0, 127, 255).toBytes())
        .containsExactly((byte) 0, (byte) 127, (byte) -1);
  }

  @Test
  void measuresDistances() {
    assertThat(TENSOR.distance(TENSOR.with(3, -4).with(0, 2))).isEqualTo(8);
    assertThat(TENSOR.map(x -> -x).largest()).isEqualTo(6);
    assertThat(TENSOR.dot(TENSOR)).isEqualTo(91);
  }

  @Test
  void refusesShapesThatDoNotFit() {
    assertThatThrownBy(() -> Tensor.of(List.of(2, 2), 1.0, 2, 3))
        .hasMessage("the shape [2, 2] has 4 elements, not 3");
    assertThatThrownBy(() -> TENSOR.distance(Tensor.zeros(List.of(3, 2))))
        .hasMessage("the shapes [2, 3] and [3, 2] differ");
  }
}
