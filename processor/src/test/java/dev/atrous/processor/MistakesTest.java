package dev.atrous.processor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.testing.compile.Compilation;
import com.palantir.javapoet.JavaFile;
import dev.atrous.processor.codegen.CodegenStage;
import dev.atrous.processor.spec.SpecName;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the processor does with bad specs beyond the single message. */
final class MistakesTest {
  /** Has one or more mistakes in each annotation. */
  static final String MANY =
      """
      @SegmentationModel(classes = 1, crop = 100, classNames = {"cat", "cat"})
      @Backbone(value = ResNet.RESNET_50, outputStride = 16, width = 3)
      @AtrousCascade(lastBlock = 9, multiGrid = {1, 0})
      @ASPP(rates = {12, 6, -1}, filters = 0)
      @Training(batchSize = 0, steps = 0, learningRate = 0, momentum = 2)
      enum Spec {}
      """;

  static final List<String> CODES_OF_MANY =
      List.of(
          "ATR001", "ATR004", "ATR006", "ATR008", "ATR009", "ATR010", "ATR011", "ATR013", "ATR014",
          "ATR015", "ATR016", "ATR016", "ATR016", "ATR016", "ATR026", "ATR027");

  private static Compilation compile(String text) {
    return Compile.lenient(Compile.example("Spec", text));
  }

  private static Compilation process(String text) {
    return Compile.processed(Compile.example("Spec", text));
  }

  private static List<String> codes(Compilation compilation) {
    return compilation.diagnostics().stream()
        .map(Compile::text)
        .map(text -> text.startsWith("[ATR") ? text.substring(1, 7) : text)
        .toList();
  }

  @Test
  void allMistakesOfASpecAreReportedAtOnce() {
    assertThat(codes(compile(MANY))).containsExactlyInAnyOrderElementsOf(CODES_OF_MANY);
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
                import dev.atrous.runtime.model.*;
                import dev.atrous.runtime.op.*;
                import java.util.List;
                class User {
                  void use(TrainingOptions training, PredictorOptions options, NetworkOps nn) throws Exception {
                    CompiledModel model = new SpecModel();
                    ModelDescription description = model.description();
                    List<Parameter> parameters = model.parameters();
                    TrainingStep step = model.trainingStep();
                    model.scores(nn, null, 16);
                    model.logits(nn, null, 16);
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
        .containsExactly("Outer_SpecModel");
    assertThat(files.get(0).toString())
        .contains(
            "throw new IllegalStateException(\"Outer.Spec has errors: see the compiler's messages\")");
  }

  @Test
  void anyCropSuitsHalfPixelInterpolation() {
    Compilation compilation =
        compile(
            """
            @SegmentationModel(classes = 21, crop = 96)
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
              "@SuppressWarnings(\"ATR023\") @SegmentationModel(classes = 21, crop = 65)"
                  + " @Backbone(value = ResNet.RESNET_18, width = 0.125)"
                  + " @ASPP(form = ASPP.Form.DEEPLAB_V2, filters = 8"
                  + answer
                  + ") @Training(batchSize = 1) interface Spec {}");
      assertThat(codes(compilation)).isEmpty();
      assertThat(Compile.generated(compilation, "example.SpecModel"))
          .contains("aspp/branch3/scores", "aspp/sum")
          .doesNotContain("imagePooling", "projection", "head/scores", "branch0");
    }
  }

  /**
   * One image is enough where its statistics do not count; and where the compiler does not know how
   * many workers there are: a run with one says it.
   */
  @ParameterizedTest
  @ValueSource(strings = {"FROZEN", "SYNCHRONIZED"})
  void batchNormalisationThatTakesBatchesOfOne(String batchNorm) {
    Compilation compilation =
        compile(
            """
            @SuppressWarnings("ATR023")
            @SegmentationModel(classes = 21, crop = 65)
            @Backbone(value = ResNet.RESNET_18, width = 0.125)
            @ASPP(filters = 8)
            @Training(batchSize = 1, batchNorm = Training.BatchNorm.%s)
            interface Spec {}
            """
                .formatted(batchNorm));
    assertThat(codes(compilation)).isEmpty();
  }

  @Test
  void warningsDoNotStopGeneration() {
    Compilation compilation =
        compile(
            """
            @SegmentationModel(classes = 21, crop = 80)
            @Backbone(value = ResNet.RESNET_18, width = 0.125)
            @ASPP(rates = {1, 6}, filters = 8)
            @Training(batchSize = 1)
            interface Spec {}
            """);
    assertThat(codes(compilation)).containsExactlyInAnyOrder("ATR006", "ATR017", "ATR023");
    assertThat(compilation.status()).isEqualTo(Compilation.Status.SUCCESS);
    assertThat(Compile.generated(compilation, "example.SpecModel")).doesNotContain("has errors");
    assertThat(Compile.generated(compilation, "example.SpecTrainingStep")).contains("return 80;");
  }

  /** What is wrong with the Java of a spec, once each. */
  static Stream<String> notJava() {
    return Stream.of(
        "@SegmentationModel(classes = \"21\") @Backbone(ResNet.RESNET_50) interface Spec {}",
        "@SegmentationModel(classes = CLASSES) @Backbone(ResNet.RESNET_50) interface Spec {}",
        "@SegmentationModel(classes = 21.5) @Backbone(ResNet.RESNET_50) interface Spec {}",
        "@SegmentationModel(classes = 2) @Backbone(ResNet.RESNET_50) @ASPP(rates = {6, SIX}) interface Spec {}",
        "@SegmentationModel(classes = 2) @Backbone(ResNet.RESNET_50) @ASPP(rates = {1 / 0}) interface Spec {}",
        "@SegmentationModel(classes = 2) @Backbone(null) interface Spec {}",
        "@Missing @SegmentationModel(classes = 2) @Backbone(ResNet.RESNET_18) interface Spec {}",
        "class Spec { @SegmentationModel(classes = 21) void method() {} }",
        "class Spec { @Backbone(ResNet.RESNET_50) int field; }",
        "@SegmentationModel(classes = 2, classNames = {\"background\", CAT}) @Backbone(ResNet.RESNET_50) interface"
            + " Spec {}",
        "@ASPP @ASPP @SegmentationModel(classes = 21) @Backbone(ResNet.RESNET_50) interface Spec {}");
  }

  @ParameterizedTest
  @MethodSource("notJava")
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
        "maxScale",
        "rotation",
        "brightness",
        "contrast",
        "saturation",
        "hue"
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
    assertThat(codes(compilation)).contains("ATR017", "ATR023");
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
    assertThat(codes(compilation)).containsExactly("ATR023", "ATR023");
  }

  @Test
  void suppressedWarningsOfTheSpecAndOfTheTypesAroundItAreNotGiven() {
    String annotations =
        "@SegmentationModel(classes = 20, crop = 512) @Backbone(ResNet.RESNET_18) @ASPP ";
    Map<String, List<String>> remaining =
        Map.of(
            "", List.of("ATR006", "ATR023", "ATR029"),
            "@SuppressWarnings(\"ATR023\") ", List.of("ATR006", "ATR029"),
            "@SuppressWarnings({\"unused\", \"ATR029\", \"ATR006\"}) ", List.of("ATR023"),
            "@SuppressWarnings(\"all\") ", List.of());
    remaining.forEach(
        (suppression, codes) -> {
          assertThat(codes(process(suppression + annotations + "interface Spec {}")))
              .as(suppression)
              .containsExactlyInAnyOrderElementsOf(codes);
          String nested = suppression + "class Spec { interface Inner { " + annotations;
          assertThat(codes(process(nested + "class Small {} } }")))
              .as("around: " + suppression)
              .containsExactlyInAnyOrderElementsOf(codes);
        });
  }

  @Test
  void errorsCanNotBeSuppressed() {
    for (String suppression : List.of("ATR004", "all")) {
      Compilation compilation =
          process(
              "@SuppressWarnings(\"%s\") @SegmentationModel(classes = 1) @Backbone(ResNet.RESNET_18) interface Spec {}"
                  .formatted(suppression));
      assertThat(Compile.errors(compilation)).singleElement().asString().startsWith("[ATR004]");
    }
  }

  @Test
  void codeThatUsesTheClassesOfABadPlanHasNoErrorsOfItsOwn() {
    Compilation compilation =
        Compile.lenient(
            Compile.example(
                "Spec",
                "@SegmentationModel(classes = 2, crop = 65) @Backbone(ResNet.RESNET_18) @Training(memoryBudget = 1)"
                    + " interface Spec {}"),
            Compile.example("User", "class User { SpecTrainer trainer = new SpecTrainer(null); }"));
    assertThat(codes(compilation)).containsExactly("ATR024");
  }

  @Test
  void backgroundsHaveManyNames() {
    for (String name :
        List.of("background", "Background", "__background__", "VOID", "Unlabelled")) {
      Compilation compilation =
          compile(
              "@SegmentationModel(classes = 2, classNames = {\"cat\", \"%s\"}) @Backbone(ResNet.RESNET_18) interface Spec {}"
                  .formatted(name));
      assertThat(codes(compilation)).as(name).isEmpty();
      assertThat(Compile.generated(compilation, "example.SpecModel"))
          .contains("List.of(\"cat\", \"" + name + "\")");
    }
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
