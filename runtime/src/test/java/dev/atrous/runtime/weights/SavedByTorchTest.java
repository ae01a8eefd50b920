package dev.atrous.runtime.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;

/** Files that PyTorch itself wrote: {@code files.py} beside them makes them. */
class SavedByTorchTest {
  private static TensorFile open(String name) throws URISyntaxException {
    URL url = Objects.requireNonNull(SavedByTorchTest.class.getResource(name), name);
    return TensorFile.open(Path.of(url.toURI()));
  }

  /** Elements from a first one on, in steps of one. */
  private static float[] counting(int first, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = first + i;
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"parameters.pth", "parameters_legacy.pth"})
  void parametersAreTensors(String name) throws URISyntaxException {
    try (TensorFile file = open(name)) {
      assertThat(file.tensors())
          .containsExactly(
              Map.entry(
                  "conv1.weight", new StoredTensor(ElementType.FLOAT32, Shape.of(2, 3, 2, 2))),
              Map.entry("bn1.weight", new StoredTensor(ElementType.FLOAT32, Shape.of(2))),
              Map.entry("bn1.bias", new StoredTensor(ElementType.FLOAT32, Shape.of(2))));
      assertThat(file.read("conv1.weight")).isEqualTo(counting(0, 24));
      assertThat(file.read("bn1.bias")).isEqualTo(counting(200, 2));
      assertThat(file.notes()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "state_dict_legacy.pth, ''",
    "module.pth, ''",
    "module_legacy.pth, ''",
    "script.pt, ''",
    "checkpoint.pth, module.",
    "checkpoint_protocol4.pth, module.",
    "checkpoint_legacy.pth, module.",
    "checkpoint_legacy_protocol5.pth, module."
  })
  void weightsAreFound(String name, String prefix) throws URISyntaxException {
    try (TensorFile file = open(name)) {
      assertThat(file.tensors())
          .containsOnlyKeys(
              prefix + "conv1.weight",
              prefix + "bn1.weight",
              prefix + "bn1.bias",
              prefix + "bn1.running_mean",
              prefix + "bn1.running_var",
              prefix + "bn1.num_batches_tracked");
      assertThat(file.read(prefix + "conv1.weight")).isEqualTo(counting(0, 24));
      assertThat(file.read(prefix + "bn1.running_var")).isEqualTo(counting(400, 2));
      if (name.startsWith("checkpoint")) {
        assertThat(file.notes())
            .containsExactly("the weights are those under 'state_dict' (6 tensors)");
      } else {
        assertThat(file.notes()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"types.pth", "types_legacy.pth"})
  void typesAndViewsOfOneStorage(String name) throws URISyntaxException {
    try (TensorFile file = open(name)) {
      float[] values = {-2, -1, 0, 1};
      for (String same : new String[] {"half", "bfloat16", "whole", "parameter", "buffer"}) {
        assertThat(file.read(same)).as(same).isEqualTo(values);
      }
      assertThat(file.read("double")).containsExactly(-2f / 3, -1f / 3, 0, 1f / 3);
      assertThat(file.read("shared")).containsExactly(-1, 0, 1);
      assertThat(file.read("part")).containsExactly(2, 3);
      assertThat(file.read("transposed")).containsExactly(0, 3, 1, 4, 2, 5);
    }
  }
}
