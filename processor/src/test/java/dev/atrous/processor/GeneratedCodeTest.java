package dev.atrous.processor;

import static com.google.testing.compile.Compiler.javac;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.testing.compile.Compilation;
import com.google.testing.compile.JavaFileObjects;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Good specs: what is generated compiles against the runtime without a warning. */
final class GeneratedCodeTest {
  private static final List<String> KINDS =
      List.of("Model", "TrainingStep", "Trainer", "Predictor");

  private static final Pattern RUNTIME_CLASS =
      Pattern.compile("(dev\\.atrous\\.runtime(?:\\.[a-z]+)*)\\.[A-Z]");

  private static Compilation compile(JavaFileObject... sources) {
    Compilation compilation = Compile.strict(sources);
    assertThat(compilation.diagnostics()).isEmpty();
    assertThat(compilation.status()).isEqualTo(Compilation.Status.SUCCESS);
    return compilation;
  }

  private static void assertGenerates(Compilation compilation, String prefix) {
    assertThat(compilation.generatedSourceFiles().stream().map(JavaFileObject::getName))
        .containsExactlyInAnyOrderElementsOf(
            KINDS.stream()
                .map(kind -> "/SOURCE_OUTPUT/" + prefix.replace('.', '/') + kind + ".java")
                .toList());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("variants")
  void compilesWithoutWarnings(String title, String annotations) {
    Compilation compilation = variant(annotations);
    assertGenerates(compilation, "example.Spec");
  }

  private static Compilation variant(String annotations) {
    return compile(spec("Spec", annotations));
  }

  /** A spec of package {@code example}. */
  static JavaFileObject spec(String name, String annotations) {
    return Compile.example(
        name,
        "import java.lang.SuppressWarnings; import dev.atrous.annotation.Training; @SuppressWarnings(\"ATR023\") @SegmentationModel(classes = 21) "
            + annotations
            + " interface "
            + name
            + " {}");
  }

  static Stream<Arguments> variants() {
    return Stream.of(
        Arguments.of("ResNet-18", "@Backbone(ResNet.RESNET_18) @ASPP"),
        Arguments.of("ResNet-34", "@Backbone(ResNet.RESNET_34) @ASPP"),
        Arguments.of("ResNet-50", "@Backbone(ResNet.RESNET_50) @ASPP"),
        Arguments.of("ResNet-101", "@Backbone(ResNet.RESNET_101) @ASPP"),
        Arguments.of("ResNet-152", "@Backbone(ResNet.RESNET_152) @ASPP"),
        Arguments.of(
            "cascade to block7",
            "@Backbone(value = ResNet.RESNET_50, outputStride = 256)"
                + " @AtrousCascade(lastBlock = 7, multiGrid = {1, 2, 1})"),
        Arguments.of("block4 alone", "@Backbone(value = ResNet.RESNET_50, outputStride = 32)"),
        Arguments.of("no image pooling", "@Backbone(ResNet.RESNET_18) @ASPP(imagePooling = false)"),
        Arguments.of("one rate", "@Backbone(ResNet.RESNET_18) @ASPP(rates = 7)"),
        Arguments.of(
            "scores in the pyramid, with dropout",
            "@Backbone(ResNet.RESNET_18)"
                + " @ASPP(form = ASPP.Form.DEEPLAB_V2, rates = {6, 12, 18, 24}, filters = 1024, dropout = 0.5)"),
        Arguments.of(
            "scores of one branch",
            "@Backbone(ResNet.RESNET_18) @ASPP(form = ASPP.Form.DEEPLAB_V2, rates = 6)"),
        Arguments.of(
            "frozen batch normalisation",
            "@Backbone(ResNet.RESNET_18) @ASPP @AuxiliaryHead"
                + " @Training(batchNorm = Training.BatchNorm.FROZEN)"),
        Arguments.of(
            "synchronised batch normalisation",
            "@Backbone(ResNet.RESNET_18) @ASPP"
                + " @Training(batchNorm = Training.BatchNorm.SYNCHRONIZED)"),
        Arguments.of(
            "rates that fit no other stride",
            "@Backbone(ResNet.RESNET_18) @ASPP(rates = {1, 3, 7})"));
  }

  /** Of the runtime, a network and its step know what they are written in and nothing else. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("variants")
  void modelsAndStepsImportOperationsAndTheModelAlone(String title, String annotations) {
    Compilation compilation = variant(annotations);
    for (String kind : List.of("Model", "TrainingStep")) {
      assertThat(runtimePackages(compilation, kind))
          .isSubsetOf("dev.atrous.runtime.op", "dev.atrous.runtime.model")
          .isNotEmpty();
    }
    assertThat(runtimePackages(compilation, "Trainer")).containsOnly("dev.atrous.runtime.train");
    assertThat(runtimePackages(compilation, "Predictor"))
        .containsOnly("dev.atrous.runtime.predict");
  }

  /** The packages of the runtime that a generated class names, imported or not. */
  private static List<String> runtimePackages(Compilation compilation, String kind) {
    return RUNTIME_CLASS
        .matcher(Compile.generated(compilation, "example.Spec" + kind))
        .results()
        .map(match -> match.group(1))
        .distinct()
        .toList();
  }

  /** Names that the generated code uses for other things. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Compiled",
        "Training",
        "List",
        "Operand",
        "Object",
        "Parameter",
        "Network",
        "Stem",
        "Head",
        "Model",
        "nn",
        "images",
        "ÄÖ",
        "$"
      })
  void specsCanHaveAnyName(String name) {
    String spec =
        "@SuppressWarnings(\"ATR023\") @dev.atrous.annotation.SegmentationModel(classes = 3, crop = 33)"
            + " @dev.atrous.annotation.Backbone(value = dev.atrous.annotation.ResNet.RESNET_18, width = 0.125)"
            + " @dev.atrous.annotation.ASPP(filters = 8) interface "
            + name
            + " {}";
    Compilation compilation =
        compile(JavaFileObjects.forSourceString("example." + name, "package example; " + spec));
    assertGenerates(compilation, "example." + name);
  }

  @Test
  void nestedSpecsAreNamedAfterTheTypesAroundThem() {
    Compilation compilation =
        compile(
            Compile.example(
                "Specs",
                """
                public class Specs {
                  public interface Inner {
                    @SegmentationModel(classes = 21, crop = 65)
                    @Backbone(value = ResNet.RESNET_18, width = 0.125)
                    class Small {}
                  }
                }
                """));
    assertGenerates(compilation, "example.Specs_Inner_Small");
    assertThat(Compile.generated(compilation, "example.Specs_Inner_SmallModel"))
        .contains("The model of {@link Specs.Inner.Small}: ResNet-18");
  }

  @Test
  void aClassInTheUnnamedPackageCanBeASpec() {
    Compilation compilation =
        compile(
            Compile.unnamed(
                "Small",
                "@SegmentationModel(classes = 21, crop = 65) @Backbone(value = ResNet.RESNET_18, width = 0.125)"
                    + " final class Small {}"));
    assertGenerates(compilation, "Small");
    assertThat(Compile.generated(compilation, "SmallModel")).doesNotContain("package ");
  }

  @Test
  void theClassesAreAsVisibleAsTheSpec() {
    String annotations =
        "@SegmentationModel(classes = 21, crop = 65) @Backbone(value = ResNet.RESNET_18, width = 0.125) ";
    Compilation compilation =
        compile(
            Compile.example("Open", annotations + "public interface Open {}"),
            Compile.example("Hidden", annotations + "interface Hidden {}"),
            Compile.example(
                "Around", "class Around { " + annotations + "public interface Nested {} }"));
    for (String kind : List.of("Model", "Trainer", "Predictor")) {
      assertThat(Compile.generated(compilation, "example.Open" + kind))
          .contains("public final class Open" + kind);
      assertThat(Compile.generated(compilation, "example.Hidden" + kind))
          .contains("\nfinal class Hidden" + kind)
          .doesNotContain("public Hidden" + kind);
      assertThat(Compile.generated(compilation, "example.Around_Nested" + kind))
          .contains("\nfinal class Around_Nested" + kind);
    }
    assertThat(Compile.generated(compilation, "example.OpenTrainingStep"))
        .contains("\nfinal class OpenTrainingStep");
  }

  /** Another processor may want what a third one generated. */
  @Test
  void theMarkOfOtherProcessorsIsNotClaimed() {
    Compilation compilation =
        javac()
            .withProcessors(new ModelProcessor())
            .withOptions("-Xlint:processing")
            .compile(
                spec("Spec", "@Backbone(ResNet.RESNET_18)"),
                Compile.example(
                    "Other", "@javax.annotation.processing.Generated(\"other\") class Other {}"));
    assertThat(compilation.warnings())
        .extracting(Compile::text)
        .singleElement()
        .asString()
        .startsWith("No processor claimed any of these annotations: ")
        .contains("javax.annotation.processing.Generated");
  }

  @Test
  void severalSpecsInOneCompilation() {
    String annotations =
        "@SegmentationModel(classes = 21, crop = 65) @Backbone(value = ResNet.RESNET_18, width = 0.125) ";
    Compilation compilation =
        compile(
            Compile.example("A", annotations + "interface A {}"),
            Compile.example("B", annotations + "interface B {}"));
    assertThat(compilation.generatedSourceFiles()).hasSize(8);
  }

  @Test
  void mapsAreTrainedAtAnyCropWhereNoTapIsDead() {
    String text =
        "@SuppressWarnings(\"ATR023\") @SegmentationModel(classes = 2, crop = 97) @Backbone(value = ResNet.RESNET_18, width = 0.125)"
            + " @ASPP(rates = %d, filters = 8) interface Spec {}";
    assertThat(maximumCrop(String.format(text, 6))).contains("return Integer.MAX_VALUE;");
    assertThat(maximumCrop(String.format(text, 7))).contains("return 97;");
  }

  private static String maximumCrop(String spec) {
    String step =
        Compile.generated(compile(Compile.example("Spec", spec)), "example.SpecTrainingStep");
    return step.substring(step.indexOf("int maximumCrop()"));
  }
}
