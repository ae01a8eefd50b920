package dev.atrous.runtime.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.annotation.Conventions;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.op.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;

/** Which tensor becomes which parameter, and that none is forgotten. */
class WeightImportTest {
  private static final TorchvisionStateDict TINY = TorchvisionStateDict.TINY;

  private final Path file;

  WeightImportTest(@TempDir Path directory) {
    file = directory.resolve("weights.pth");
  }

  /** Tensors whose elements count up from their number in the dict times 10,000. */
  private static Map<String, TorchTensor> tensors(Map<String, List<Long>> shapes) {
    Map<String, TorchTensor> tensors = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> {
          int number = tensors.size();
          tensors.put(
              name,
              name.endsWith("num_batches_tracked")
                  ? TorchTensor.counter("" + number, 7)
                  : counting(number, shape.stream().mapToLong(Long::longValue).toArray()));
        });
    return tensors;
  }

  private static TorchTensor counting(int number, long... shape) {
    int elements = 1;
    for (long size : shape) {
      elements *= (int) size;
    }
    float[] values = new float[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = number * 10_000f + i;
    }
    return TorchTensor.of("" + number, values, shape);
  }

  private WeightImport open(
      Map<String, TorchTensor> tensors, List<Parameter> parameters, boolean skipClassifier)
      throws IOException {
    return open(WeightSource.TORCHVISION, tensors, parameters, skipClassifier);
  }

  private WeightImport open(
      WeightSource source,
      Map<String, TorchTensor> tensors,
      List<Parameter> parameters,
      boolean skipClassifier)
      throws IOException {
    Files.write(file, TorchArchive.of(tensors).bytes());
    return WeightImport.open(source, file, parameters, Descriptions.TORCHVISION, skipClassifier);
  }

  private static Set<String> names(List<Parameter> parameters) {
    Set<String> names = new LinkedHashSet<>();
    parameters.forEach(parameter -> names.add(parameter.name()));
    return names;
  }

  @Test
  void theStateDictIsThatOfTorchvision() {
    Map<String, List<Long>> resNet50 = TorchvisionStateDict.RESNET_50.all();
    assertThat(TorchvisionStateDict.RESNET_50.backbone("")).hasSize(318); // 53 layers of 6
    assertThat(resNet50).hasSize(370);
    assertThat(scalars(resNet50)).isEqualTo(42_004_074);
    assertThat(scalars(TorchvisionStateDict.RESNET_101.all())).isEqualTo(60_996_202);
  }

  /** Trainable scalars. */
  private static long scalars(Map<String, List<Long>> shapes) {
    return shapes.entrySet().stream()
        .filter(e -> e.getKey().endsWith(".weight") || e.getKey().endsWith(".bias"))
        .mapToLong(e -> e.getValue().stream().reduce(1L, (a, b) -> a * b))
        .sum();
  }

  @Test
  void everyParameterOfTheRealNetworksHasItsTensor() {
    for (TorchvisionStateDict network :
        List.of(TorchvisionStateDict.RESNET_50, TorchvisionStateDict.RESNET_101)) {
      List<Parameter> parameters = network.parameters(true);
      Set<String> expected = new LinkedHashSet<>(network.all().keySet());
      expected.removeIf(name -> name.endsWith("num_batches_tracked"));
      Set<String> found = new LinkedHashSet<>();
      try (TensorFile empty = emptyFile()) {
        NameTable table = Layout.of(WeightSource.TORCHVISION, empty, parameters).table();
        for (Parameter parameter : parameters) {
          assertThat(found.add(table.source(parameter.name()).orElseThrow().name())).isTrue();
        }
      }
      assertThat(found).isEqualTo(expected);
    }
  }

  private TensorFile emptyFile() {
    byte[] bytes = TorchArchive.of(Map.of("x", TorchTensor.of("0", new float[1], 1))).bytes();
    assertThat(file).satisfies(f -> Files.write(f, bytes));
    return TensorFile.open(file);
  }

  @Test
  void importsTheWholeModelWithTheChannelsLast() throws IOException {
    Map<String, TorchTensor> tensors = tensors(TINY.all());
    List<Parameter> parameters = TINY.parameters(true);
    try (WeightImport weights = open(tensors, parameters, false)) {
      assertThat(weights.imported()).isEqualTo(names(parameters));
      assertThat(weights.initial()).isEmpty();
      assertThat(weights.unused()).isEmpty();
      int conv = List.copyOf(tensors.keySet()).indexOf("backbone.layer2.0.conv2.weight") * 10_000;
      float[] values = weights.read("block2/unit1/conv2/weights"); // [3, 3, 4, 4]
      for (int y = 0; y < 3; y++) {
        for (int x = 0; x < 3; x++) {
          for (int in = 0; in < 4; in++) {
            for (int out = 0; out < 4; out++) {
              assertThat(values[((y * 3 + x) * 4 + in) * 4 + out])
                  .isEqualTo(conv + ((out * 4 + in) * 3 + y) * 3 + x);
            }
          }
        }
      }
      assertThat(weights.tensor("block2/unit1/conv2/weights"))
          .isEqualTo("backbone.layer2.0.conv2.weight");
      int norm = List.copyOf(tensors.keySet()).indexOf("backbone.bn1.running_var") * 10_000;
      assertThat(weights.read("stem/bn/moving_variance")).containsExactly(norm, norm + 1);
      assertThat(weights.read("stem/conv/weights")).hasSize(7 * 7 * 3 * 2);
      assertThatThrownBy(() -> weights.read("stem/conv/bias"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aModelWithoutAnAuxiliaryHeadDoesNotUseIt() throws IOException {
    try (WeightImport weights = open(tensors(TINY.all()), TINY.parameters(false), false)) {
      assertThat(weights.imported()).isEqualTo(names(TINY.parameters(false)));
      assertThat(weights.unused()).hasSize(8).allMatch(name -> name.startsWith("aux_classifier."));
    }
  }

  @Test
  void theClassScoresCanBeLeft() throws IOException {
    TorchvisionStateDict other = new TorchvisionStateDict(TINY.units(), 2, 4, 9);
    Map<String, TorchTensor> tensors = tensors(TINY.all());
    assertThatThrownBy(() -> open(tensors, other.parameters(true), false))
        .isInstanceOf(AtrousException.class)
        .hasMessageContainingAll(
            "4 of another shape or type:",
            "classifier.4.weight: model [9, 4, 1, 1], file [3, 4, 1, 1] (head/scores/weights)",
            "--skip-classifier");
    try (WeightImport weights = open(tensors, other.parameters(true), true)) {
      assertThat(weights.initial())
          .containsExactly(
              "head/scores/weights",
              "head/scores/bias",
              "auxiliary/scores/weights",
              "auxiliary/scores/bias");
      assertThat(weights.unused())
          .containsExactlyInAnyOrder(
              "classifier.4.weight",
              "classifier.4.bias",
              "aux_classifier.4.weight",
              "aux_classifier.4.bias");
      assertThat(weights.imported()).contains("head/conv/weights", "auxiliary/bn/gamma");
    }
  }

  @Test
  void whatDoesNotFitIsListed() throws IOException {
    Map<String, List<Long>> shapes = TINY.all();
    shapes.keySet().removeIf(name -> name.startsWith("classifier.0.convs."));
    shapes.put("extra.\u0007weight", List.of(3L));
    shapes.put("classifier.1.weight", List.of(4L, 4L, 1L, 1L));
    Map<String, TorchTensor> tensors = tensors(shapes);
    tensors.put("classifier.2.bias", TorchTensor.counter("c", 1));
    tensors.put(
        "classifier.2.weight",
        new TorchTensor("IntStorage", "d", new byte[16], 4, 0, new long[] {4}, new long[] {1}));
    assertThatThrownBy(() -> open(tensors, TINY.parameters(true), false))
        .isInstanceOf(AtrousException.class)
        .hasMessageContainingAll(
            "The weights file " + file + " does not fit the model.",
            "25 missing in the file:",
            "classifier.0.convs.0.0.weight [4, 64, 1, 1] (aspp/branch0/conv/weights)",
            "and 15 more",
            "1 left over in the file:\n  'extra.?weight' [3]",
            "3 of another shape or type:",
            "classifier.1.weight: model [4, 4, 3, 3], file [4, 4, 1, 1] (head/conv/weights)",
            "classifier.2.bias: model [4], file []",
            "classifier.2.weight: model FLOAT32, file INT32 (head/bn/gamma)")
        .hasMessageNotContaining("--skip-classifier");
  }

  @Test
  void layersThatTorchvisionDoesNotHaveAreMissing() throws IOException {
    List<Parameter> cascade = TINY.parameters(true);
    cascade.addAll(Parameter.batchNorm("block5/unit1/bn1", 8));
    assertThatThrownBy(() -> open(tensors(TINY.all()), cascade, false))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("4 missing in the file:")
        .hasMessageContaining("block5/unit1/bn1/gamma (such a file has no layer of this name)");
  }

  @Test
  void aBackboneOfImageNetLeavesTheRest() throws IOException {
    Map<String, List<Long>> shapes = TINY.backbone("");
    shapes.put("fc.weight", List.of(10L, 64L));
    shapes.put("fc.bias", List.of(10L));
    List<Parameter> parameters = TINY.parameters(false);
    try (WeightImport weights =
        open(WeightSource.TORCHVISION_RESNET, tensors(shapes), parameters, false)) {
      assertThat(weights.imported()).isEqualTo(names(TINY.backboneParameters()));
      assertThat(weights.initial()).hasSize(parameters.size() - weights.imported().size());
      assertThat(weights.initial()).contains("aspp/branch0/bn/gamma", "head/scores/bias");
      assertThat(weights.unused()).containsExactly("fc.weight", "fc.bias");
      assertThat(weights.read("stem/bn/gamma")).containsExactly(10_000, 10_001);
    }
  }

  @Test
  void safetensorsOfTheSameNamesAreImported() throws IOException {
    Files.write(
        file,
        SafetensorsWriter.of(
            "{\"backbone.bn1.weight\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]}}",
            new byte[] {0, 0x3c, 0, 0x40}));
    List<Parameter> gamma =
        List.of(new Parameter("stem/bn/gamma", Shape.of(2), Parameter.Initializer.ONES, true));
    try (WeightImport weights =
        WeightImport.open(WeightSource.TORCHVISION, file, gamma, Descriptions.TORCHVISION, false)) {
      assertThat(weights.read("stem/bn/gamma")).containsExactly(1, 2);
    }
  }

  @Test
  void aWholeModelNeedsTheConventionsThatItWasTrainedWith() throws IOException {
    Files.write(file, TorchArchive.of(tensors(TINY.all())).bytes());
    ModelDescription other = Descriptions.with(Conventions.Preprocessing.MEAN);
    assertThatThrownBy(
            () ->
                WeightImport.open(
                        WeightSource.TORCHVISION, file, TINY.parameters(true), other, false)
                    .close())
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("would compute another function")
        .hasMessageContaining("@Conventions(Conventions.Preset.TORCHVISION)");
  }
}
