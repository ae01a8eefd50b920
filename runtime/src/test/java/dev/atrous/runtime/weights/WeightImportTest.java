package dev.atrous.runtime.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.annotation.Conventions;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.model.ModelConventions;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.op.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
      assertThat(weights.unused()).hasSize(7).allMatch(name -> name.startsWith("aux_classifier."));
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

  private static Map<String, TorchTensor> renamed(
      Map<String, TorchTensor> tensors, UnaryOperator<String> names) {
    Map<String, TorchTensor> renamed = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> renamed.put(names.apply(name), tensor));
    return renamed;
  }

  @ParameterizedTest
  @ValueSource(strings = {"module.", "model.", "_orig_mod.", "model.module._orig_mod.", "student."})
  void namesMayHaveAPrefix(String prefix) throws IOException {
    Map<String, TorchTensor> tensors = renamed(tensors(TINY.all()), name -> prefix + name);
    tensors.put("loss.weight", counting(1000, 2));
    tensors.put("teacher.backbone.conv1.weight", counting(1001, 2));
    try (WeightImport weights = open(tensors, TINY.parameters(true), false)) {
      assertThat(weights.imported()).isEqualTo(names(TINY.parameters(true)));
      assertThat(weights.tensor("head/bn/gamma")).isEqualTo(prefix + "classifier.2.weight");
      assertThat(weights.unused()).containsExactly("loss.weight", "teacher.backbone.conv1.weight");
      assertThat(weights.notes())
          .containsExactly("names in the file begin with '" + prefix + "', which is left out");
    }
  }

  @Test
  void aBackboneIsFoundInAWholeModel() throws IOException {
    try (WeightImport weights =
        open(
            WeightSource.TORCHVISION_RESNET,
            tensors(TINY.all()),
            TINY.backboneParameters(),
            false)) {
      assertThat(weights.imported()).isEqualTo(names(TINY.backboneParameters()));
      assertThat(weights.unused()).isNotEmpty().allMatch(name -> name.contains("classifier."));
      assertThat(weights.notes())
          .containsExactly("names in the file begin with 'backbone.', which is left out");
    }
  }

  @Test
  void valuesThatNoNetworkHasAreRefused() throws IOException {
    Map<String, TorchTensor> tensors = tensors(TINY.all());
    tensors.put("backbone.bn1.weight", TorchTensor.of("a", new float[] {Float.NaN, 1}, 2));
    tensors.put("backbone.bn1.running_var", TorchTensor.of("b", new float[] {-1e-9f, 1f / 0f}, 2));
    tensors.put("backbone.bn1.bias", TorchTensor.of("c", new float[] {-1, -2}, 2));
    assertThatThrownBy(() -> open(tensors, TINY.parameters(true), false))
        .isInstanceOf(AtrousException.class)
        .hasMessageContainingAll(
            "The weights file " + file + " has values that no network can compute with, in 2",
            "\n  'backbone.bn1.weight': of 2 values 1 not a number\n",
            "\n  'backbone.bn1.running_var': of 2 values 1 infinite, 1 negative, and it is a",
            "Take an earlier checkpoint");
  }

  @Test
  void theProgramOfOtherNamesIsTold() throws IOException {
    Map<String, TorchTensor> tensors = tensors(TINY.all());
    Map<String, TorchTensor> others =
        renamed(tensors, name -> name.replace("backbone.", "encoder."));
    assertThatThrownBy(() -> open(others, TINY.parameters(true), false))
        .isInstanceOf(AtrousException.class)
        .hasMessageEndingWith(
            "Its names are those of segmentation-models: import it with --from segmentation-models")
        .hasMessageNotContaining("Use weights of the same network");
    tensors.replace(
        "backbone.bn1.bias",
        new TorchTensor("IntStorage", "x", new byte[8], 2, 0, new long[] {2}, new long[] {1}));
    assertThatThrownBy(() -> open(tensors, TINY.parameters(true), false))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("backbone.bn1.bias: model FLOAT32, file INT32 (stem/bn/beta)")
        .hasMessageEndingWith(
            "Weights are floating-point numbers; these are not those of a trained network.");
  }

  private static Map<String, TorchTensor> segmentationModels(String... decoder) {
    Map<String, TorchTensor> tensors = tensors(TINY.all());
    tensors.keySet().removeIf(name -> name.startsWith("aux_classifier."));
    return renamed(
        tensors,
        name ->
            name.replace("backbone.", "encoder.")
                .replace("classifier.0.", decoder[0])
                .replace("classifier.1.", decoder[1])
                .replace("classifier.2.", decoder[2])
                .replace("classifier.4.", "segmentation_head.0."));
  }

  private WeightImport openSegmentationModels(Map<String, TorchTensor> tensors) throws IOException {
    Files.write(file, TorchArchive.of(tensors).bytes());
    ModelConventions conventions =
        Objects.requireNonNull(Requirements.SEGMENTATION_MODELS.conventions());
    return WeightImport.open(
        WeightSource.SEGMENTATION_MODELS,
        file,
        TINY.parameters(false),
        Descriptions.of(conventions, 8, List.of()),
        false);
  }

  @Test
  void segmentationModelsIsImportedByBothOfItsNames() throws IOException {
    List<Map<String, TorchTensor>> both =
        List.of(
            segmentationModels("decoder.0.", "decoder.1.", "decoder.2."),
            segmentationModels("decoder.aspp.", "decoder.conv.", "decoder.bn."));
    for (Map<String, TorchTensor> tensors : both) {
      try (WeightImport weights = openSegmentationModels(tensors)) {
        assertThat(weights.imported()).isEqualTo(names(TINY.parameters(false)));
        assertThat(weights.unused()).isEmpty();
        assertThat(weights.notes()).hasSize(1).first().asString().contains("output stride (8");
      }
    }
    Map<String, TorchTensor> plus =
        segmentationModels("decoder.aspp.0.", "decoder.a.", "decoder.b.");
    assertThatThrownBy(() -> openSegmentationModels(plus))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("no spec describes: it is a DeepLabV3Plus");
    Map<String, TorchTensor> separable =
        renamed(both.get(1), name -> name.replace("convs.1.0.weight", "convs.1.0.0.weight"));
    assertThatThrownBy(() -> openSegmentationModels(separable))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("pyramid are separable");
  }

  @Test
  void mmsegmentationGivesItsBackboneAndItsAuxiliaryHead() throws IOException {
    Map<String, TorchTensor> tensors =
        renamed(
            tensors(TINY.all()),
            name ->
                name.replace("aux_classifier.0.", "auxiliary_head.convs.0.conv.")
                    .replace("aux_classifier.1.", "auxiliary_head.convs.0.bn.")
                    .replace("aux_classifier.4.", "auxiliary_head.conv_seg.")
                    .replaceFirst("^classifier\\.", "decode_head."));
    try (WeightImport weights =
        open(WeightSource.MMSEGMENTATION, tensors, TINY.parameters(true), false)) {
      assertThat(weights.imported())
          .hasSize(names(TINY.backboneParameters()).size() + 7)
          .contains("auxiliary/scores/bias", "block4/unit2/conv3/weights");
      assertThat(weights.initial()).contains("aspp/branch0/conv/weights", "head/scores/bias");
      assertThat(weights.unused()).isNotEmpty().allMatch(name -> name.startsWith("decode_head."));
    }
    tensors.put("backbone.stem.0.weight", counting(1002, 32, 3, 3, 3));
    assertThatThrownBy(
            () -> open(WeightSource.MMSEGMENTATION, tensors, TINY.parameters(true), false))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("three 3x3 convolutions of 32, 32 and 64 channels (ResNetV1c)");
  }
}
