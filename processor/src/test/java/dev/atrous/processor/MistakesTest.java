package dev.atrous.processor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.testing.compile.Compilation;
import com.palantir.javapoet.JavaFile;
import dev.atrous.processor.codegen.CodegenStage;
import dev.atrous.processor.spec.SpecName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the processor does with bad specs beyond the single message. */
final class MistakesTest {

  private static Compilation compile(String text) {
    return Compile.lenient(Compile.example("Spec", text));
  }

  private static List<String> codes(Compilation compilation) {
    return compilation.diagnostics().stream()
        .map(Compile::text)
        .map(text -> text.startsWith("[ATR") ? text.substring(1, 7) : text)
        .toList();
  }

  @Test
  void allMistakesOfASpecAreReportedAtOnce() {
    Compilation compilation =
        compile(
            """
            @SegmentationModel(classes = 1, crop = 100)
            @Backbone(value = ResNet.RESNET_50, outputStride = 16, width = 3)
            @AtrousCascade(lastBlock = 9, multiGrid = {1, 0})
            @ASPP(rates = {12, 6, -1}, filters = 0)
            @Training(batchSize = 0, steps = 0, learningRate = 0, momentum = 2)
            enum Spec {}
            """);
    assertThat(codes(compilation))
        .containsExactlyInAnyOrder(
            "ATR001", "ATR004", "ATR006", "ATR008", "ATR009", "ATR010", "ATR011", "ATR013",
            "ATR014", "ATR015", "ATR016", "ATR016", "ATR016", "ATR016");
  }

  @Test
  void suggestedRatesArePossible() {
    Compilation compilation =
        compile(
            """
            @SegmentationModel(classes = 21)
            @Backbone(ResNet.RESNET_50)
            @ASPP(rates = {12, 6, -1, 6, 2000})
            interface Spec {}
            """);
    assertThat(compilation.errors().stream().map(Compile::text))
        .filteredOn(text -> text.startsWith("[ATR014]"))
        .singleElement()
        .asString()
        .endsWith("write 'rates = {6, 12}'.");
  }

  @Test
  void codeThatUsesTheGeneratedClassesHasNoErrorsOfItsOwn() {
    Compilation compilation =
        Compile.lenient(
            Compile.example(
                "Spec",
                "@SegmentationModel(classes = 1) @Backbone(ResNet.RESNET_50) public interface Spec {}"),
            Compile.example(
                "User",
                """
                import dev.atrous.runtime.*;
                import java.util.List;
                class User {
                  void use(TrainingOptions training, PredictorOptions options, NetworkOps nn) throws Exception {
                    CompiledModel model = new SpecModel();
                    ModelDescription description = model.description();
                    List<Parameter> parameters = model.parameters();
                    TrainingStep step = model.trainingStep();
                    model.scores(nn, null, 16);
                    model.logits(nn, null, model.alignCorners() ? 8 : 16);
                    try (SpecTrainer trainer = new SpecTrainer(training);
                        SpecPredictor predictor = new SpecPredictor(options)) {
                      Trainer base = trainer;
                      Predictor other = predictor;
                    }
                  }
                }
                """));
    assertThat(codes(compilation)).containsExactly("ATR004");
  }

  @Test
  void theClassesOfABadSpecSaySo() {
    List<JavaFile> files =
        CodegenStage.generateApi(new SpecName("example", "Outer.Spec", false), true);
    assertThat(files.stream().map(file -> file.typeSpec().name()))
        .containsExactly("Outer_SpecModel", "Outer_SpecTrainer", "Outer_SpecPredictor");
    assertThat(files.get(0).toString())
        .contains(
            "throw new IllegalStateException(\"Outer.Spec has errors: see the compiler's messages\")");
  }

  @Test
  void anyCropSuitsHalfPixelInterpolation() {
    Compilation compilation =
        compile(
            """
            @SegmentationModel(classes = 21, crop = 64)
            @Backbone(value = ResNet.RESNET_18, width = 0.125)
            @Conventions(Conventions.Preset.TORCHVISION)
            interface Spec {}
            """);
    assertThat(codes(compilation)).isEmpty();
  }

  /** What is a default for one form is no mistake in the other. */
  @Test
  void deepLabV2NeedsNoAnswerAboutImagePooling() {
    for (String answer : List.of("", ", imagePooling = false")) {
      Compilation compilation =
          compile(
              "@SegmentationModel(classes = 21, crop = 65) @Backbone(value = ResNet.RESNET_18, width = 0.125)"
                  + " @ASPP(form = ASPP.Form.DEEPLAB_V2, filters = 8"
                  + answer
                  + ") @Training(batchSize = 1) interface Spec {}");
      assertThat(codes(compilation)).isEmpty();
      assertThat(Compile.generated(compilation, "example.SpecModel"))
          .contains("aspp/branch3/scores", "aspp/sum")
          .doesNotContain("imagePooling", "projection", "head/scores", "branch0");
    }
  }

  /** One image is enough where its statistics do not count. */
  @Test
  void frozenBatchNormalisationTakesBatchesOfOne() {
    Compilation compilation =
        compile(
            """
            @SegmentationModel(classes = 21, crop = 65)
            @Backbone(value = ResNet.RESNET_18, width = 0.125)
            @ASPP(filters = 8)
            @Training(batchSize = 1, batchNorm = Training.BatchNorm.FROZEN)
            interface Spec {}
            """);
    assertThat(codes(compilation)).isEmpty();
  }

  @Test
  void warningsDoNotStopGeneration() {
    Compilation compilation =
        compile(
            """
            @SegmentationModel(classes = 21, crop = 64)
            @Backbone(value = ResNet.RESNET_18, width = 0.125)
            @ASPP(filters = 8)
            @Training(batchSize = 1)
            interface Spec {}
            """);
    assertThat(codes(compilation)).containsExactlyInAnyOrder("ATR006", "ATR017");
    assertThat(compilation.status()).isEqualTo(Compilation.Status.SUCCESS);
    assertThat(Compile.generated(compilation, "example.SpecModel")).doesNotContain("has errors");
    assertThat(Compile.generated(compilation, "example.SpecTrainingStep")).contains("return 64;");
  }

  /** Each is one error of javac's and none of the processor's. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "@SegmentationModel(classes = 21) @Backbone(ResNet.RESNET_42) interface Spec {}",
        "@SegmentationModel(classes = 21) @Backbone(outputStride = 8) interface Spec {}",
        "@SegmentationModel @Backbone(ResNet.RESNET_50) interface Spec {}",
        "@SegmentationModel(classes = \"21\") @Backbone(ResNet.RESNET_50) interface Spec {}",
        "@SegmentationModel(classes = CLASSES) @Backbone(ResNet.RESNET_50) interface Spec {}",
        "@SegmentationModel(classes = 21.5) @Backbone(ResNet.RESNET_50) interface Spec {}",
        "@SegmentationModel(classes = 21, channels = 3) @Backbone(ResNet.RESNET_50) interface Spec {}",
        "@SegmentationModel(classes = 2) @Backbone(ResNet.RESNET_50) @ASPP(rates = {6, SIX}) interface Spec {}",
        "@SegmentationModel(classes = 2) @Backbone(ResNet.RESNET_50) @ASPP(rates = {1 / 0}) interface Spec {}",
        "@SegmentationModel(classes = 2) @Backbone(null) interface Spec {}",
        "class Spec { @SegmentationModel(classes = 21) void method() {} }",
        "class Spec { @Backbone(ResNet.RESNET_50) int field; }",
        "@ASPP @ASPP @SegmentationModel(classes = 21) @Backbone(ResNet.RESNET_50) interface Spec {}",
      })
  void whatJavaDoesNotAcceptIsLeftToJavac(String text) {
    Compilation compilation = compile(text);
    assertThat(compilation.errors()).hasSize(1);
    assertThat(Compile.text(compilation.errors().get(0))).doesNotContain("ATR", "Exception");
    assertThat(compilation.warnings()).isEmpty();
  }

  /** Values at the ends of their types: a message, never an exception. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "@SegmentationModel(classes = 21) @Backbone(value = ResNet.RESNET_18, outputStride = %s)",
        "@SegmentationModel(classes = 21, crop = %s) @Backbone(ResNet.RESNET_18)",
        "@SegmentationModel(classes = %s) @Backbone(ResNet.RESNET_18)",
        "@SegmentationModel(classes = 21) @Backbone(value = ResNet.RESNET_18, width = %s)",
        "@SegmentationModel(classes = 21) @Backbone(ResNet.RESNET_18) @ASPP(rates = %s)",
        "@SegmentationModel(classes = 21) @Backbone(ResNet.RESNET_18) @ASPP(filters = %s)",
        "@SegmentationModel(classes = 21) @Backbone(ResNet.RESNET_18) @AtrousCascade(lastBlock = %s)",
        "@SegmentationModel(classes = 21) @Backbone(ResNet.RESNET_18) @AtrousCascade(multiGrid = {%s, %s})",
        "@SegmentationModel(classes = 21) @Backbone(ResNet.RESNET_18) @Training(batchSize = %s)",
      })
  void absurdValuesGiveMessages(String annotations) {
    for (String value : List.of("0", "-1", "Integer.MIN_VALUE", "Integer.MAX_VALUE")) {
      Compilation compilation = compile(annotations.replace("%s", value) + " interface Spec {}");
      assertThat(compilation.errors()).as("with %s", value).isNotEmpty();
      assertThat(codes(compilation))
          .as("with %s", value)
          .allSatisfy(code -> assertThat(code).matches("ATR\\d{3}"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "learningRate",
        "power",
        "momentum",
        "weightDecay",
        "batchNormDecay",
        "minScale",
        "maxScale"
      })
  void absurdRealsGiveMessages(String member) {
    for (String value :
        List.of(
            "Double.NaN", "Double.MAX_VALUE", "-Double.MIN_VALUE", "Double.POSITIVE_INFINITY")) {
      Compilation compilation =
          compile(
              "@SegmentationModel(classes = 21) @Backbone(ResNet.RESNET_18) @Training("
                  + member
                  + " = "
                  + value
                  + ") interface Spec {}");
      assertThat(codes(compilation)).as("with %s", value).containsExactly("ATR016");
    }
  }

  /** The largest values that are accepted make a model. */
  @Test
  void extremesOfTheRangesCompile() {
    Compilation compilation =
        compile(
            """
            @SegmentationModel(classes = 254, crop = 26497)
            @Backbone(value = ResNet.RESNET_18, outputStride = 256, width = 2)
            @AtrousCascade(lastBlock = 7, multiGrid = {1024, 1024})
            @ASPP(rates = {1, 1024}, filters = 4096)
            @Training(batchSize = 1, steps = Integer.MAX_VALUE, learningRate = Double.MIN_VALUE, momentum = 0)
            interface Spec {}
            """);
    assertThat(compilation.errors()).isEmpty();
    assertThat(codes(compilation)).contains("ATR017");
    assertThat(Compile.generated(compilation, "example.SpecModel"))
        .doesNotContainPattern("[ (,]-[0-9]");
  }

  @Test
  void smallestOfTheRangesCompile() {
    Compilation compilation =
        compile(
            """
            @SegmentationModel(classes = 2, crop = 9)
            @Backbone(value = ResNet.RESNET_18, outputStride = 8, width = 1e-9)
            @ASPP(rates = 1, filters = 1)
            @Training(batchSize = 2, steps = 1, weightDecay = 0, batchNormDecay = 0)
            interface Spec {}
            """);
    assertThat(codes(compilation)).isEmpty();
  }

  @Test
  void twoSpecsWithTheSameGeneratedNameAreReportedOnce() {
    String annotations = "@SegmentationModel(classes = 21) @Backbone(ResNet.RESNET_18) ";
    Compilation compilation =
        compile(
            annotations
                + "interface Spec_Small {} class Spec {"
                + annotations
                + "interface Small {} }");
    assertThat(codes(compilation)).containsOnly("ATR018").hasSize(4);
  }
}
