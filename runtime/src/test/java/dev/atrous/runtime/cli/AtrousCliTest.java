package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.describe.ModelPage;
import dev.atrous.runtime.model.CompiledModel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The choice of command and model, {@code describe}, and how mistakes are told. */
class AtrousCliTest {
  private static final NamedModel MODEL = NamedModel.of("Tiny");
  private static final CompiledModel[] TWO = {NamedModel.of("Small"), NamedModel.of("Large")};

  @Test
  void describesAModel(@TempDir Path directory) throws Exception {
    Path json = directory.resolve("new/tiny.json");
    Invocation described = Invocation.of(MODEL, "describe", "--json", json);
    assertThat(described.code()).isZero();
    assertThat(described.err()).isEmpty();
    assertThat(described.out().lines())
        .contains(
            "Tiny",
            "  classes        3",
            "  output stride  4 (inference: 4, 8)",
            "  training       20 steps of 4 crops",
            "  random scale   0.5 to 2",
            "  momentum       0.9, weight decay 0.0001",
            "  conventions    stride FIRST_3X3, stem ONE_7X7, padding SYMMETRIC,",
            "                 firstUnitRate OF_BLOCK, imageFeatures LAST, head SCORES,",
            "  inherited      from Base:",
            "                 @SegmentationModel(classes = 3)",
            "                 @Training(batchSize = 4, steps = 20)",
            "  inherited      from Other.Pyramid:",
            "                 @ASPP(rates = {6, 12})",
            "  defaults       @Training(power = 0.9)",
            "block1        conv2      3x3       1          2     4    9x9x8         592        0.002 G"
                + "   50.0%      0.0 MiB",
            "block1       2      4   9x9x8         824        0.003 G      0.1 MiB",
            "total        3                      1,851        0.004 G      0.1 MiB",
            "activations of 4 crops for the backward pass  0.1 MiB   0.1 MiB",
            "total, without workspace                      0.1 MiB   0.1 MiB");
    JsonNode tiny = Invocation.json(json);
    assertThat(tiny.get("parameters").asLong()).isEqualTo(1851);
    assertThat(tiny.get("multiply_adds").asLong()).isEqualTo(3_500_000);
    assertThat(tiny.get("parameter_bytes").asLong()).isEqualTo(7_404);
    assertThat(tiny.get("momentum_bytes").asLong()).isEqualTo(7_404);
    assertThat(tiny.get("activation_bytes").asLong()).isEqualTo(140_000);
    assertThat(tiny.get("bfloat16_activation_bytes").asLong()).isEqualTo(70_000);
    assertThat(tiny.get("training_bytes").asLong()).isEqualTo(154_808);
    assertThat(tiny.get("bfloat16_training_bytes").asLong()).isEqualTo(84_808);
    assertThat(tiny.at("/training/batch_size").asInt()).isEqualTo(4);
    assertThat(tiny.at("/training/max_scale").asDouble()).isEqualTo(2);
    assertThat(tiny.at("/training/batch_norm").asText()).isEqualTo("trained");
    assertThat(tiny.at("/output_strides/1").asInt()).isEqualTo(8);
    assertThat(tiny.get("conventions")).hasSize(10);
    assertThat(tiny.at("/conventions/first_unit_rate").asText()).isEqualTo("OF_BLOCK");
    assertThat(tiny.get("inherited")).hasSize(5);
    assertThat(tiny.at("/inherited/4").toString())
        .isEqualTo(
            "{\"annotation\":\"ASPP\",\"name\":\"rates\",\"value\":\"{6, 12}\",\"from\":\"Other.Pyramid\"}");
    assertThat(tiny.at("/inherited/3/from").isNull()).isTrue();
    assertThat(tiny.at("/layers/1/name").asText()).isEqualTo("block1/conv2");
    assertThat(tiny.at("/layers/1/rate").asInt()).isEqualTo(4);
    assertThat(tiny.at("/layers/1").toString())
        .isEqualTo(
            "{'name':'block1/conv2','kernel':3,'stride':1,'base_rate':2,'rate':4,"
                .concat("'input_height':9,'input_width':9,'height':9,'width':9,'channels':8,")
                .concat("'parameters':592,'multiply_adds':2000000,'valid_share':0.5,")
                .concat("'activation_bytes':40000,'bfloat16_activation_bytes':20000}")
                .replace('\'', '"'));
    assertThat(directory.resolve("new")).isDirectoryContaining("glob:**/tiny.json");
    assertThat(directory.resolve("new").toFile().list()).hasSize(1);
  }

  @Test
  void writesAPage(@TempDir Path directory) throws Exception {
    Path page = directory.resolve("new/tiny.html");
    Invocation described = Invocation.of(MODEL, "describe", "--summary", "--html", page);
    assertThat(described.code()).isZero();
    assertThat(described.out()).endsWith(String.format("Page: %s%n", page));
    assertThat(page).hasContent(ModelPage.of(MODEL.description()));
    assertThat(page).content().contains("conv2", "592", "0.002 G", "50.0%");
    assertThat(directory.resolve("new").toFile().list()).hasSize(1);
    Files.writeString(page, "old");
    assertThat(Invocation.of(MODEL, "describe", "--html", page).code()).isZero();
    assertThat(page).hasContent(ModelPage.of(MODEL.description()));
  }

  @Test
  void aPageThatCannotBeWrittenIsAnError(@TempDir Path directory) throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    Invocation below = Invocation.of(MODEL, "describe", "--html", file.resolve("tiny.html"));
    assertThat(below.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(below.err()).startsWith("error: The folder of the HTML file").contains("is a file");
    assertThat(below.out()).isEmpty();
    Invocation onto = Invocation.of(MODEL, "describe", "--html", directory);
    assertThat(onto.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(onto.err())
        .isEqualToIgnoringNewLines("error: The HTML file " + directory + " is a directory.");
    Invocation output = Invocation.of(MODEL, "describe", "--html", "-");
    assertThat(output.code()).isEqualTo(AtrousCli.USAGE);
    assertThat(output.err()).startsWith("error: --html writes to a file");
    Invocation nothing = Invocation.of(MODEL, "describe", "--html", "");
    assertThat(nothing.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(nothing.err()).startsWith("error: The HTML file");
  }

  @Test
  void describesFrozenBatchNormalisation() throws Exception {
    Invocation described =
        Invocation.of(NamedModel.of("Phase2", TinyModel.frozen()), "describe", "--json", "-");
    assertThat(described.err().lines())
        .contains("  batch norm     frozen: training starts from weights (train --weights)");
    JsonNode json = new ObjectMapper().readTree(described.out());
    assertThat(json.at("/training/batch_norm").asText()).isEqualTo("frozen");
  }

  @Test
  void describesSynchronizedBatchNormalisation() throws Exception {
    NamedModel model = NamedModel.of("Workers", TinyModel.synchronizedNorms());
    Invocation described = Invocation.of(model, "describe", "--json", "-");
    assertThat(described.err().lines())
        .contains(
            "  batch norm     synchronized: with the statistics of the batches of all workers");
    JsonNode json = new ObjectMapper().readTree(described.out());
    assertThat(json.at("/training/batch_norm").asText()).isEqualTo("synchronized");
  }

  @Test
  void aSummaryLeavesTheLayersOut() {
    assertThat(Invocation.of(MODEL, "describe", "--summary").out())
        .contains("block1  ", "total")
        .doesNotContain("conv1", "conv2");
  }

  @Test
  void jsonOnStandardOutputIsAlone() throws Exception {
    Invocation described = Invocation.of(MODEL, "describe", "--json", "-");
    assertThat(new ObjectMapper().readTree(described.out()).get("model").asText())
        .isEqualTo("Tiny");
    assertThat(described.err()).contains("block1        conv2");
  }

  @Test
  void jsonThatCannotBeWrittenIsAnError(@TempDir Path directory) throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    Invocation below = Invocation.of(MODEL, "describe", "--json", file.resolve("tiny.json"));
    assertThat(below.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(below.err()).startsWith("error: The folder of the JSON file").contains("file");
    Invocation onto = Invocation.of(MODEL, "describe", "--json", directory);
    assertThat(onto.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(onto.err())
        .isEqualToIgnoringNewLines("error: The JSON file " + directory + " is a directory.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Large", "large", "LARGE"})
  void oneOfSeveralModelsIsChosenInAnyCase(String name) {
    Invocation described = Invocation.of(TWO, "describe", "--model", name);
    assertThat(described.code()).isZero();
    assertThat(described.out()).startsWith("Large");
  }

  @Test
  void severalModelsNeedAChoice() {
    Invocation described = Invocation.of(TWO, "describe");
    assertThat(described.code()).isEqualTo(AtrousCli.USAGE);
    assertThat(described.err())
        .startsWith("error: Which model? Add --model with one of: Large, Small.")
        .contains("Try 'atrous describe --help'.");
  }

  @Test
  void anUnknownModelIsToldWithItsLikes() {
    Invocation similar = Invocation.of(TWO, "describe", "--model", "smal");
    assertThat(similar.code()).isEqualTo(AtrousCli.USAGE);
    assertThat(similar.err())
        .startsWith(
            "error: No model is named 'smal'. Did you mean Small? There are: Large, Small.");
    assertThat(Invocation.of(TWO, "describe", "--model", "resnet").err())
        .startsWith("error: No model is named 'resnet'. There are: Large, Small.");
  }

  @Test
  void modelsAreNamedApart() {
    assertThatThrownBy(() -> Invocation.of(new CompiledModel[] {MODEL, NamedModel.of("TINY")}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("TINY");
    assertThatThrownBy(() -> Invocation.of(new CompiledModel[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void withoutACommandTheCommandsAreShown() {
    Invocation nothing = Invocation.of(TWO);
    assertThat(nothing.code()).isEqualTo(AtrousCli.USAGE);
    assertThat(nothing.err())
        .contains("describe", "train", "evaluate", "predict", "Models: Large, Small");
  }

  @ParameterizedTest
  @ValueSource(strings = {"describe", "train", "evaluate", "predict", "import"})
  void everyCommandHasHelp(String command) {
    Invocation help = Invocation.of(MODEL, command, "--help");
    assertThat(help.code()).isZero();
    assertThat(help.out()).startsWith("Usage: atrous " + command).contains("--json", "--verbose");
  }

  @Test
  void theDefaultsOfTheSpecAreInTheHelp() {
    assertThat(Invocation.of(MODEL, "train", "--help").out().replaceAll("\\s+", " "))
        .contains(
            "Steps of the full run, resumed ones included; default: the spec's.",
            "Crops to compute at once; default: the spec's.",
            "Side of the crops; default: the spec's.",
            "Learning rate of the first step, or after the warm-up; default: the spec's.");
  }

  @Test
  void wrongOptionsAreTold() {
    Invocation unknown = Invocation.of(MODEL, "train", "--data", "x", "--learning-rat", 1);
    assertThat(unknown.code()).isEqualTo(AtrousCli.USAGE);
    assertThat(unknown.err()).contains("error: Unknown option", "--learning-rate");
    Invocation missing = Invocation.of(MODEL, "train");
    assertThat(missing.code()).isEqualTo(AtrousCli.USAGE);
    assertThat(missing.err()).contains("error: Missing required option: '--data=DIR'");
    Invocation device = Invocation.of(MODEL, "train", "--data", "x", "--device", "tpu");
    assertThat(device.code()).isEqualTo(AtrousCli.USAGE);
    assertThat(device.err()).contains("--device", "CPU", "tpu");
    Invocation command = Invocation.of(MODEL, "trian");
    assertThat(command.code()).isEqualTo(AtrousCli.USAGE);
    assertThat(command.err()).contains("trian");
  }
}
