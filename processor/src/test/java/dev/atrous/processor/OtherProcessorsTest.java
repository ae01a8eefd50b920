package dev.atrous.processor;

import static com.google.testing.compile.Compiler.javac;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.testing.compile.Compilation;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Specs that name what another processor generates. */
final class OtherProcessorsTest {
  private static final String MODEL =
      "@SegmentationModel(classes = %s, crop = 65) @Backbone(value = ResNet.RESNET_18, width = 0.125)"
          + " @Training(batchSize = 3, steps = 1000, batchNormDecay = 0.99)"
          + " @SuppressWarnings(\"ATR023\") ";

  private static final String CONSTANTS = "interface Constants { int CLASSES = 5; }";
  private static final JavaFileObject USER =
      Compile.example(
          "User",
          "class User { SpecTrainer trainer; Object model() { return new SpecModel().description(); } }");

  /** Specs, and what others generate for them, by the round in which they do. */
  static Stream<Arguments> specs() {
    return Stream.of(
        Arguments.of(
            "a constant",
            MODEL.formatted("Constants.CLASSES") + "interface Spec {}",
            Map.of(1, Map.of("Constants", CONSTANTS))),
        Arguments.of(
            "a constant of a later round",
            MODEL.formatted("Constants.CLASSES") + "interface Spec {}",
            Map.of(1, Map.of("Nothing", "class Nothing {}"), 2, Map.of("Constants", CONSTANTS))),
        Arguments.of(
            "a parent with a part of the model",
            "@Backbone(value = ResNet.RESNET_18, width = 0.125) @Training(batchSize = 3, steps ="
                + " 1000, batchNormDecay = 0.99) @SuppressWarnings(\"ATR023\") interface Spec"
                + " extends Base {}",
            Map.of(
                1, Map.of("Base", "@SegmentationModel(classes = 5, crop = 65) interface Base {}"))),
        Arguments.of(
            "a parent with a value of its own that waits",
            MODEL.formatted("5").replace("crop = 65", "").replace("5, ", "5")
                + "interface Spec extends Base {}",
            Map.of(
                1,
                Map.of("Base", "@SegmentationModel(crop = Constants.CROP) interface Base {}"),
                2,
                Map.of("Constants", "interface Constants { int CROP = 65; }"))));
  }

  private static Compilation compile(Map<Integer, Map<String, String>> generated, String spec) {
    return javac()
        .withProcessors(new ModelProcessor(), new OtherProcessor(generated))
        .withOptions("-Xlint:all,-processing", "-Werror")
        .compile(Compile.example("Spec", spec), USER);
  }

  /** What is generated where everything is written, but for the origins of values. */
  private static SortedMap<String, String> expected() {
    Compilation whole =
        Compile.strict(Compile.example("Spec", MODEL.formatted("5") + "interface Spec {}"));
    return ours(whole.generatedSourceFiles().stream());
  }

  private static SortedMap<String, String> ours(Stream<JavaFileObject> files) {
    SortedMap<String, String> texts = new TreeMap<>();
    files.forEach(
        file -> {
          String name = file.getName().substring(file.getName().lastIndexOf('/') + 1);
          if (name.startsWith("Spec")) {
            texts.put(name, withoutOrigins(Compile.content(file)));
          }
        });
    return texts;
  }

  private static String withoutOrigins(String text) {
    return text.replaceAll("(?s)\n \\*\n \\* <p>(From|By default).*?\n \\*/", "\n */")
        .replaceAll(" *inherited\\.add\\(.*\\);\n", "");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("specs")
  void aSpecWaitsForWhatItNames(
      String title, String spec, Map<Integer, Map<String, String>> generated) {
    Compilation compilation = compile(generated, spec);
    assertThat(compilation.diagnostics()).extracting(Compile::text).isEmpty();
    assertThat(ours(compilation.generatedSourceFiles().stream())).isEqualTo(expected());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("specs")
  void inEclipseToo(String title, String spec, Map<Integer, Map<String, String>> generated) {
    Eclipse.Result result =
        Eclipse.compile(new OtherProcessor(generated), Compile.example("Spec", spec), USER);
    assertThat(result.diagnostics()).extracting(Compile::text).isEmpty();
    SortedMap<String, String> ours = new TreeMap<>();
    result
        .generated()
        .forEach(
            (name, text) -> {
              if (name.startsWith("Spec")) {
                ours.put(name, withoutOrigins(text));
              }
            });
    assertThat(ours).isEqualTo(expected());
  }

  @Test
  void whatIsWrongWithAGeneratedValueIsSaidAtItsPlace() {
    Compilation compilation =
        compile(
            Map.of(1, Map.of("Constants", "interface Constants { int CLASSES = 1; }")),
            MODEL.formatted("Constants.CLASSES") + "interface Spec {}");
    assertThat(compilation.errors()).hasSize(1);
    Diagnostic<? extends JavaFileObject> error = compilation.errors().get(0);
    assertThat(Compile.text(error)).startsWith("[ATR004] 1 classes are not possible");
    assertThat(error.getColumnNumber())
        .isEqualTo(
            Compile.firstColumn() + MODEL.formatted("Constants.CLASSES").indexOf(".CLASSES") + 1);
  }

  @Test
  void aModelByAGeneratedParentNeedsAnAnnotation() {
    Compilation compilation =
        compile(
            Map.of(1, Map.of("Base", MODEL.formatted("5") + "interface Base {}")),
            "interface Spec extends Base {} @ASPP(rates = 2) interface Other extends Base {}");
    assertThat(compilation.errors())
        .extracting(Compile::text)
        .anyMatch(text -> text.startsWith("[ATR040] Spec extends the model spec Base"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Constants.CLASSES", "Constants.OTHER"})
  void whatNobodyGeneratesIsAnErrorAtItsPlace(String value) {
    String spec = MODEL.formatted(value) + "interface Spec {}";
    Map<Integer, Map<String, String>> generated =
        value.endsWith("OTHER")
            ? Map.of(1, Map.of("Constants", CONSTANTS))
            : Map.of(1, Map.of("Nothing", "class Nothing {}"));
    Compilation compilation = compile(generated, spec);
    assertThat(compilation.errors())
        .extracting(Compile::text)
        .filteredOn(text -> !text.startsWith("warnings found"))
        .singleElement()
        .asString()
        .contains("cannot find symbol");
    assertThat(compilation.errors().get(0).getSource().getName()).endsWith("Spec.java");
    assertThat(compilation.errors().get(0).getLineNumber()).isOne();
    List<String> eclipse =
        Eclipse.compile(new OtherProcessor(generated), Compile.example("Spec", spec), USER)
            .diagnostics()
            .stream()
            .map(Compile::text)
            .toList();
    assertThat(eclipse.get(0)).contains("cannot be resolved").doesNotContain("SpecModel");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CLASSES", "Constants.CLASSES"})
  void withoutOthersAMisspeltNameIsTheOnlyError(String value) {
    JavaFileObject spec = Compile.example("Spec", MODEL.formatted(value) + "interface Spec {}");
    Compilation compilation = Compile.lenient(spec, USER);
    assertThat(compilation.diagnostics()).hasSize(1);
    assertThat(Compile.text(compilation.errors().get(0))).contains("cannot find symbol");
    assertThat(Eclipse.compile(spec, USER).diagnostics())
        .singleElement()
        .extracting(Compile::text)
        .asString()
        .contains("cannot be resolved");
  }
}
