package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.ModelConventions;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.PixelScale;
import dev.atrous.runtime.model.TrainingStep;
import dev.atrous.runtime.op.NetworkOps;
import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.predict.Predictor;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.tensorflow.Device;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TNumber;

/** {@code import}, from a file to labels of an image. */
class ImportCommandTest {
  private static final StemModel MODEL = new StemModel();

  private final Path directory;
  private final Path file;
  private final Path output;

  ImportCommandTest(@TempDir Path directory) {
    this.directory = directory;
    file = directory.resolve("weights.safetensors");
    output = directory.resolve("imported");
  }

  /** A network that is a stem and class scores: three classes, four channels. */
  private static final class StemModel implements CompiledModel {
    @Override
    public ModelDescription description() {
      ModelDescription tiny = new TinyModel().description();
      return new ModelDescription(
          "Stem",
          "none",
          3,
          9,
          4,
          List.of(4),
          tiny.training(),
          tiny.loss(),
          List.of(),
          0,
          0,
          ModelConventions.TORCHVISION,
          PixelScale.TORCHVISION,
          List.of(),
          List.of());
    }

    @Override
    public List<Parameter> parameters() {
      List<Parameter> all = new ArrayList<>();
      all.add(Parameter.weights("stem/conv/weights", 1, 3, 3, 4));
      all.addAll(Parameter.batchNorm("stem/bn", 4));
      all.add(Parameter.classifier("head/scores/weights", 1, 1, 4, 3));
      all.add(Parameter.bias("head/scores/bias", 3));
      return all;
    }

    @Override
    public <M extends TFloating> Operand<TFloat32> scores(
        NetworkOps<M> nn, Operand<? extends TNumber> images, int outputStride) {
      float[] mean = {123.675f, 116.28f, 103.53f};
      float[] deviation = {58.395f, 57.12f, 57.375f};
      Operand<M> x = nn.normalize(images, mean, deviation);
      Operand<M> conv = nn.conv2d(x, nn.parameter("stem/conv/weights"), 1, 1);
      Operand<M> stem = nn.relu(nn.batchNorm(conv, "stem/bn", 1e-5f));
      Operand<TFloat32> scores =
          nn.conv2d(nn.widen(stem), nn.parameter("head/scores/weights"), 1, 1);
      return nn.addBias(scores, nn.parameter("head/scores/bias"));
    }

    @Override
    public <M extends TFloating> TrainingStep<M> trainingStep() {
      return new TinyModel().trainingStep();
    }
  }

  /** Channel c of the stem is colour c, class k is colour 2 - k: blue is class 0. */
  private void writeWeights() throws IOException {
    float[] conv = new float[4 * 3 * 1 * 3]; // [outputs, inputs, height, width]
    float[] scores = new float[3 * 4]; // [outputs, inputs, 1, 1]
    for (int color = 0; color < 3; color++) {
      conv[(color * 3 + color) * 3 + 1] = 1;
      scores[(2 - color) * 4 + color] = 1;
    }
    StringBuilder header = new StringBuilder("{");
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    add(header, data, "backbone.conv1.weight", "[4,3,1,3]", conv);
    add(header, data, "backbone.bn1.weight", "[4]", 1, 1, 1, 1);
    add(header, data, "backbone.bn1.bias", "[4]", 0, 0, 0, 0);
    add(header, data, "backbone.bn1.running_mean", "[4]", 0, 0, 0, 0);
    add(header, data, "backbone.bn1.running_var", "[4]", 1, 1, 1, 1);
    add(header, data, "classifier.4.weight", "[3,4,1,1]", scores);
    add(header, data, "classifier.4.bias", "[3]", 0, 0, 0);
    add(header, data, "aux_classifier.4.bias", "[3]", 0, 0, 0);
    byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + data.size()).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, bytes.putLong(json.length).put(json).put(data.toByteArray()).array());
  }

  private static void add(
      StringBuilder header,
      ByteArrayOutputStream data,
      String name,
      String shape,
      float... values) {
    int begin = data.size();
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    data.writeBytes(bytes.array());
    header
        .append(header.length() > 1 ? "," : "")
        .append(
            "\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                .formatted(name, shape, begin, data.size()));
  }

  private Invocation run(Object... more) {
    List<Object> args =
        new ArrayList<>(List.of("import", "--from", "torchvision", "--weights", file));
    args.addAll(List.of("--output", output));
    args.addAll(List.of(more));
    return Invocation.of(MODEL, args.toArray());
  }

  @Test
  void importedWeightsPredict() throws IOException {
    writeWeights();
    Path json = directory.resolve("import.json");
    Invocation imported = run("--json", json);
    assertThat(imported.err()).isEmpty();
    assertThat(imported.code()).isZero();
    assertThat(imported.out().lines())
        .containsExactly(
            "Imported 7 tensors from " + file,
            "  not used: 1",
            "    aux_classifier.4",
            "Checkpoint: " + output.resolve("model-0"));
    JsonNode results = Invocation.json(json);
    assertThat(results.get("model").asText()).isEqualTo("Stem");
    assertThat(results.get("from").asText()).isEqualTo("torchvision");
    assertThat(results.get("checkpoint").asText()).isEqualTo(output.resolve("model-0").toString());
    assertThat(results.get("imported").asInt()).isEqualTo(7);
    assertThat(results.get("initial")).isEmpty();
    assertThat(results.at("/unused/0").asText()).isEqualTo("aux_classifier.4.bias");
    byte[] rgb = new byte[9 * 9 * 3]; // thirds of red, green and blue
    for (int i = 0; i < 81; i++) {
      rgb[3 * i + i % 9 / 3] = (byte) 250;
    }
    PredictorOptions options =
        PredictorOptions.of(MODEL.description(), output).withDevice(Device.CPU);
    try (Predictor predictor = new Predictor(MODEL, options)) {
      LabelMap labels = predictor.predict(new Image(9, 9, rgb));
      for (int x = 0; x < 9; x++) {
        assertThat(labels.label(x, 4)).isEqualTo(2 - x / 3);
      }
    }
  }

  @Test
  void whatWasFoundIsTold() throws IOException {
    writeWeights();
    byte[] bytes = Files.readAllBytes(file);
    String header = new String(bytes, StandardCharsets.ISO_8859_1);
    String prefixed =
        header.replace("\"backbone.", "\"m.backbone.").replace("\"classifier.", "\"m.classifier.");
    byte[] longer = prefixed.getBytes(StandardCharsets.ISO_8859_1);
    long size = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    ByteBuffer.wrap(longer)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(size + longer.length - bytes.length);
    Files.write(file, longer);
    Path json = directory.resolve("import.json");
    Invocation imported = run("--json", json);
    assertThat(imported.err()).isEmpty();
    String note = "names in the file begin with 'm.', which is left out";
    assertThat(imported.out().lines()).contains("  " + note, "  not used: 1");
    assertThat(Invocation.json(json).at("/notes/0").asText()).isEqualTo(note);
  }

  @Test
  void skippedLayersAreTold() throws IOException {
    writeWeights();
    Invocation imported = run("--skip-classifier", "--json", "-");
    assertThat(imported.code()).isZero();
    assertThat(imported.err().lines())
        .contains("Imported 5 tensors from " + file, "  initial values: 2", "    head/scores");
    assertThat(imported.out()).contains("\"head/scores/weights\", \"head/scores/bias\"");
  }

  @Test
  void mistakesAreTold() throws IOException {
    Invocation missing = run();
    assertThat(missing.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(missing.err()).startsWith("error: The weights file " + file + " does not exist.");
    writeWeights();
    assertThat(run().code()).isZero();
    Invocation again = run();
    assertThat(again.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(again.err()).contains(output + " already holds a checkpoint");
    Invocation slim =
        Invocation.of(
            MODEL, "import", "--from", "TF-Slim", "--weights", "none", "--output", directory);
    assertThat(slim.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(slim.err()).contains("There is no checkpoint at none");
    Invocation program =
        Invocation.of(MODEL, "import", "--from", "keras", "--weights", "x", "--output", "y");
    assertThat(program.code()).isEqualTo(AtrousCli.USAGE);
    assertThat(program.err()).contains("--from", "torchvision, torchvision-resnet, tf-slim");
  }
}
