package dev.atrous.runtime.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.atrous.annotation.Conventions;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.model.ModelConventions;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.PixelScale;
import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperationBuilder;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TNumber;

/** Checkpoints of slim's ResNet V1, written by TensorFlow itself. */
class SlimImportTest {
  static {
    NativeLibrary.load();
  }

  private final Path prefix;

  SlimImportTest(@TempDir Path directory) {
    prefix = directory.resolve("resnet_v1_50.ckpt");
  }

  /** A stem and the first unit of two blocks, two channels wide. */
  private static List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>();
    all.add(Parameter.weights("stem/conv/weights", 7, 7, 3, 2));
    all.addAll(Parameter.batchNorm("stem/bn", 2));
    for (String unit : List.of("block1/unit1/", "block4/unit3/")) {
      all.add(Parameter.weights(unit + "shortcutConv/weights", 1, 1, 2, 8));
      all.addAll(Parameter.batchNorm(unit + "shortcutBn", 8));
      all.add(Parameter.weights(unit + "conv2/weights", 3, 3, 2, 5));
      all.addAll(Parameter.batchNorm(unit + "bn2", 5));
    }
    return all;
  }

  private static Map<String, Shape> slim() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    layer(shapes, "conv1", Shape.of(7, 7, 3, 2));
    for (String unit : List.of("block1/unit_1/", "block4/unit_3/")) {
      layer(shapes, unit + "bottleneck_v1/shortcut", Shape.of(1, 1, 2, 8));
      layer(shapes, unit + "bottleneck_v1/conv2", Shape.of(3, 3, 2, 5));
    }
    shapes.put("resnet_v1_50/logits/weights", Shape.of(1, 1, 8, 10));
    shapes.put("resnet_v1_50/logits/biases", Shape.of(10));
    shapes.put("mean_rgb", Shape.of(3));
    return shapes;
  }

  private static void layer(Map<String, Shape> shapes, String path, Shape weights) {
    String full = "resnet_v1_50/" + path;
    shapes.put(full + "/weights", weights);
    for (String name : List.of("gamma", "beta", "moving_mean", "moving_variance")) {
      shapes.put(full + "/BatchNorm/" + name, Shape.of(weights.get(3)));
    }
  }

  /** Writes variables whose elements count up from their number times 1000. */
  private static void write(Path prefix, Map<String, Shape> shapes, int version) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      List<Operand<?>> values = new ArrayList<>();
      for (Shape shape : shapes.values()) {
        float[] elements = new float[(int) shape.size()];
        for (int i = 0; i < elements.length; i++) {
          elements[i] = values.size() * 1000f + i;
        }
        values.add(tf.reshape(tf.constant(elements), tf.constant(shape.asArray())));
      }
      Operand<?> names = tf.array(shapes.keySet().toArray(new String[0]));
      String[] slices = new String[values.size()];
      Arrays.fill(slices, "");
      GraphOperationBuilder save =
          graph
              .opBuilder(version == 1 ? "Save" : "SaveV2", "save", graph.baseScope())
              .addInput(tf.constant(prefix.toString()).asOutput())
              .addInput(names.asOutput());
      if (version == 2) {
        save.addInput(tf.array(slices).asOutput());
      }
      save.addInputList(values.stream().map(Operand::asOutput).toArray(Output<?>[]::new));
      var operation = save.build();
      try (Session session = new Session(graph)) {
        session.runner().addTarget(operation).run().close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void importsBothVersionsOfCheckpoints(int version) {
    write(prefix, slim(), version);
    assertThat(Files.exists(prefix)).isEqualTo(version == 1);
    List<Parameter> parameters = parameters();
    parameters.addAll(Parameter.batchNorm("block5/unit1/bn1", 4));
    parameters.addAll(Parameter.batchNorm("aspp/branch0/bn", 4));
    parameters.add(Parameter.bias("head/scores/bias", 4));
    try (WeightImport weights =
        WeightImport.open(
            WeightSource.TF_SLIM, prefix, parameters, Descriptions.TORCHVISION, false)) {
      assertThat(weights.imported()).hasSize(25).contains("block4/unit3/conv2/weights");
      assertThat(weights.initial())
          .hasSize(9)
          .contains("block5/unit1/bn1/gamma", "aspp/branch0/bn/beta", "head/scores/bias");
      assertThat(weights.unused())
          .containsExactly("resnet_v1_50/logits/biases", "resnet_v1_50/logits/weights");
      List<String> order = List.copyOf(slim().keySet());
      String shortcut = "resnet_v1_50/block1/unit_1/bottleneck_v1/shortcut";
      int begin = 1000 * order.indexOf(shortcut + "/weights");
      assertThat(weights.read("block1/unit1/shortcutConv/weights"))
          .hasSize(16)
          .startsWith(begin, begin + 1, begin + 2);
      int mean = 1000 * order.indexOf(shortcut + "/BatchNorm/moving_mean");
      assertThat(weights.read("block1/unit1/shortcutBn/moving_mean"))
          .startsWith(mean, mean + 1)
          .endsWith(mean + 7);
    }
  }

  /** The first layer gives the same for the same image at any scale. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PRESET")
  void theFirstLayerIsAdaptedToTheModelsImages(Conventions.Preprocessing preprocessing) {
    write(prefix, slim(), 2);
    Path index = prefix.resolveSibling(prefix.getFileName() + ".index");
    double[] expected;
    try (TensorFile file = TensorFile.openCheckpoint(index)) {
      expected =
          stem(
              file.read("resnet_v1_50/conv1/weights"),
              file.read("resnet_v1_50/conv1/BatchNorm/moving_mean"),
              PixelScale.SLIM);
    }
    assertThat(expected[0]).isNotZero();
    try (WeightImport weights =
        WeightImport.open(
            WeightSource.TF_SLIM, index, parameters(), Descriptions.with(preprocessing), false)) {
      double[] adapted =
          stem(
              weights.read("stem/conv/weights"),
              weights.read("stem/bn/moving_mean"),
              PixelScale.of(preprocessing));
      assertThat(adapted[0]).isCloseTo(expected[0], withinPercentage(0.01));
      assertThat(adapted[1]).isCloseTo(expected[1], withinPercentage(0.01));
    }
  }

  /** The convolution of an image of one colour minus the moving mean, at a scale. */
  private static double[] stem(float[] filter, float[] mean, PixelScale scale) {
    float[] color = {20, 130, 240};
    double[] outputs = {-mean[0], -mean[1]};
    for (int i = 0; i < filter.length; i++) {
      int c = i / 2 % 3;
      double input = (color[c] - scale.mean().get(c)) / scale.deviation().get(c);
      outputs[i % 2] += filter[i] * input;
    }
    return outputs;
  }

  @Test
  void theDeviationIsPutIntoTheWeights() {
    write(prefix, slim(), 2);
    try (WeightImport weights =
        WeightImport.open(
            WeightSource.TF_SLIM, prefix, parameters(), Descriptions.TORCHVISION, false)) {
      assertThat(weights.read("stem/conv/weights"))
          .hasSize(7 * 7 * 3 * 2)
          .startsWith(0, 58.395f, 2 * 57.12f, 3 * 57.12f, 4 * 57.375f, 5 * 57.375f, 6 * 58.395f);
    }
  }

  @Test
  void everyVariableOfTheBackboneIsAccountedFor() {
    Map<String, Shape> shapes = slim();
    shapes.remove("resnet_v1_50/conv1/weights");
    shapes.put("resnet_v1_50/conv1/biases", Shape.of(2));
    shapes.put("resnet_v1_50/conv1/BatchNorm/gamma", Shape.of(3));
    write(prefix, shapes, 2);
    assertThatThrownBy(
            () ->
                WeightImport.open(
                        WeightSource.TF_SLIM, prefix, parameters(), Descriptions.TORCHVISION, false)
                    .close())
        .isInstanceOf(AtrousException.class)
        .hasMessageContainingAll(
            "1 missing in the file:\n  resnet_v1_50/conv1/weights [7, 7, 3, 2]",
            "1 left over in the file:\n  'resnet_v1_50/conv1/biases' [2]",
            "resnet_v1_50/conv1/BatchNorm/gamma: model [2], file [3] (stem/bn/gamma)");
  }

  @Test
  void damagedAndMissingCheckpointsAreTold() throws IOException {
    assertThatThrownBy(() -> TensorFile.openCheckpoint(prefix).close())
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("There is no checkpoint at " + prefix);
    Files.write(prefix, new byte[5000]);
    assertThatThrownBy(() -> TensorFile.openCheckpoint(prefix).close())
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("The weights file " + prefix + " can't be read: ");
  }

  private static Map<String, Shape> beta() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    layer(shapes, "conv1_1", Shape.of(3, 3, 3, 2));
    layer(shapes, "conv1_2", Shape.of(3, 3, 2, 2));
    layer(shapes, "conv1_3", Shape.of(3, 3, 2, 4));
    layer(shapes, "block1/unit_1/bottleneck_v1/conv2", Shape.of(3, 3, 2, 5));
    return shapes;
  }

  private static Map<String, Shape> deepLab(Map<String, Shape> backbone) {
    Map<String, Shape> shapes = new LinkedHashMap<>(backbone);
    Map<String, Shape> heads = new LinkedHashMap<>();
    layer(heads, "image_pooling", Shape.of(1, 1, 5, 4));
    layer(heads, "aspp0", Shape.of(1, 1, 5, 4));
    layer(heads, "aspp1", Shape.of(3, 3, 5, 4));
    layer(heads, "concat_projection", Shape.of(1, 1, 12, 4));
    heads.forEach((name, shape) -> shapes.put(name.substring("resnet_v1_50/".length()), shape));
    shapes.put("logits/semantic/weights", Shape.of(1, 1, 4, 3));
    shapes.put("logits/semantic/biases", Shape.of(3));
    Map<String, Shape> momenta = new LinkedHashMap<>();
    shapes.forEach((name, shape) -> momenta.put(name + "/Momentum", shape));
    shapes.putAll(momenta);
    shapes.put("global_step", Shape.scalar());
    return shapes;
  }

  private static List<Parameter> betaParameters() {
    List<Parameter> all = new ArrayList<>();
    convBn(all, "stem/conv1", "stem/bn1", 3, 3, 2);
    convBn(all, "stem/conv2", "stem/bn2", 3, 2, 2);
    convBn(all, "stem/conv3", "stem/bn3", 3, 2, 4);
    convBn(all, "block1/unit1/conv2", "block1/unit1/bn2", 3, 2, 5);
    return all;
  }

  private static List<Parameter> deepLabParameters() {
    List<Parameter> all = betaParameters();
    convBn(all, "aspp/branch0/conv", "aspp/branch0/bn", 1, 5, 4);
    convBn(all, "aspp/branch1/conv", "aspp/branch1/bn", 3, 5, 4);
    convBn(all, "aspp/imagePooling/conv", "aspp/imagePooling/bn", 1, 5, 4);
    convBn(all, "aspp/projection/conv", "aspp/projection/bn", 1, 12, 4);
    all.add(Parameter.classifier("head/scores/weights", 1, 1, 4, 3));
    all.add(Parameter.bias("head/scores/bias", 3));
    return all;
  }

  private static void convBn(
      List<Parameter> all, String conv, String bn, int kernel, int inputs, int outputs) {
    all.add(Parameter.weights(conv + "/weights", kernel, kernel, inputs, outputs));
    all.addAll(Parameter.batchNorm(bn, outputs));
  }

  private static ModelDescription betaModel(Conventions.Preprocessing preprocessing) {
    ModelConventions conventions =
        new ModelConventions(
            Conventions.Stride.LAST_3X3,
            Conventions.Stem.THREE_3X3,
            Conventions.Padding.SYMMETRIC,
            Conventions.FirstUnitRate.OF_BLOCK,
            Conventions.ImageFeatures.FIRST,
            Conventions.Head.SCORES,
            Conventions.Interpolation.ALIGN_CORNERS,
            Conventions.WeightDecay.CONVOLUTIONS,
            preprocessing,
            Conventions.InitialValues.HE_FAN_IN);
    return Descriptions.withRates(conventions, 16, List.of(2, 4, 8), List.of(6, 12, 18));
  }

  @Test
  void aDeepLabOfTensorFlowIsImportedWithItsThreeConvolutions() {
    Map<String, Shape> shapes = deepLab(beta());
    write(prefix, shapes, 2);
    ModelDescription model = betaModel(Conventions.Preprocessing.MINUS_ONE_TO_ONE);
    try (WeightImport weights =
        WeightImport.open(WeightSource.TF_DEEPLAB, prefix, deepLabParameters(), model, false)) {
      assertThat(weights.imported()).hasSize(deepLabParameters().size());
      assertThat(weights.unused()).isEmpty();
      assertThat(weights.notes())
          .containsExactly(
              "not in such files, and must be as in the training of the weights: rates of the"
                  + " pyramid ({6, 12, 18}), multi-grid (rates of block4 {2, 4, 8})");
      List<String> order = List.copyOf(shapes.keySet());
      assertThat(weights.read("head/scores/bias")[0])
          .isEqualTo(1000f * order.indexOf("logits/semantic/biases"));
      assertThat(weights.read("stem/conv1/weights")[1])
          .isEqualTo(1000f * order.indexOf("resnet_v1_50/conv1_1/weights") + 1);
      assertThat(weights.read("aspp/imagePooling/bn/moving_variance")[0])
          .isEqualTo(1000f * order.indexOf("image_pooling/BatchNorm/moving_variance"));
    }
    ModelDescription other = betaModel(Conventions.Preprocessing.MEAN);
    assertThatThrownBy(
            () ->
                WeightImport.open(
                        WeightSource.TF_DEEPLAB, prefix, deepLabParameters(), other, false)
                    .close())
        .isInstanceOf(AtrousException.class)
        .hasMessageContainingAll(
            "with the weights of TensorFlow's DeepLab in ",
            "preprocessing is MEAN, the weights need @Conventions(preprocessing = Conventions.Preprocessing.MINUS_ONE_TO_ONE)",
            "those of Conventions.Preset.PAPER but for stem.");
    try (WeightImport backbone =
        WeightImport.open(WeightSource.TF_SLIM, prefix, betaParameters(), other, false)) {
      assertThat(backbone.imported()).hasSize(betaParameters().size());
      assertThat(backbone.unused()).contains("aspp0/weights", "logits/semantic/biases");
      double scale = 1 / 127.5; // bytes minus a mean have 127.5 times the range
      assertThat((double) backbone.read("stem/conv1/weights")[2])
          .isCloseTo(2 * scale, withinPercentage(0.01));
    }
  }

  @Test
  void networksOfTensorFlowThatAreNoSpecAreTold() {
    Map<String, String> others =
        Map.of(
            "aspp1_depthwise/depthwise_weights", "pyramid are separable",
            "decoder/decoder_conv0/weights", "it is a DeepLabv3+",
            "xception_65/entry_flow/conv1_1/weights", "its backbone is no ResNet");
    others.forEach(
        (name, message) -> {
          Map<String, Shape> shapes = deepLab(beta());
          shapes.put(name, Shape.of(1));
          Path file = prefix.resolveSibling(name.substring(0, 4));
          write(file, shapes, 2);
          ModelDescription model = betaModel(Conventions.Preprocessing.MINUS_ONE_TO_ONE);
          assertThatThrownBy(
                  () ->
                      WeightImport.open(
                              WeightSource.TF_DEEPLAB, file, deepLabParameters(), model, false)
                          .close())
              .isInstanceOf(AtrousException.class)
              .hasMessageContaining("is of a network that no spec describes: ")
              .hasMessageContaining(message);
        });
  }

  @Test
  void otherFloatingPointTypesAreRead() {
    for (Class<? extends TNumber> type : List.of(TFloat64.class, TFloat16.class, TBfloat16.class)) {
      Path file = prefix.resolveSibling(type.getSimpleName());
      try (Graph graph = new Graph()) {
        Ops tf = Ops.create(graph);
        var values = tf.dtypes.cast(tf.constant(new float[] {-1.5f, 2}), type);
        var save =
            graph
                .opBuilder("SaveV2", "save", graph.baseScope())
                .addInput(tf.constant(file.toString()).asOutput())
                .addInput(tf.array("x").asOutput())
                .addInput(tf.array("").asOutput())
                .addInputList(new Output<?>[] {values.asOutput()})
                .build();
        try (Session session = new Session(graph)) {
          session.runner().addTarget(save).run().close();
        }
      }
      try (TensorFile opened = TensorFile.openCheckpoint(file)) {
        assertThat(opened.read("x")).as(type.getSimpleName()).containsExactly(-1.5f, 2);
      }
    }
  }
}
