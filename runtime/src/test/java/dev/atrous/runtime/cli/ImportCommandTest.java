package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.predict.Predictor;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.tensorflow.Device;
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

  private Invocation run(Object... more) {
    List<Object> args =
        new ArrayList<>(List.of("import", "--from", "torchvision", "--weights", file));
    args.addAll(List.of("--output", output));
    args.addAll(List.of(more));
    return Invocation.of(MODEL, args.toArray());
  }

  @Test
  void importedWeightsPredict() throws IOException {
    StemModel.writeWeights(file);
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
    StemModel.writeWeights(file);
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
    StemModel.writeWeights(file);
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
    StemModel.writeWeights(file);
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
