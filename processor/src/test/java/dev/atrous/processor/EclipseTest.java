package dev.atrous.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The processor in Eclipse's compiler does what it does in javac. */
final class EclipseTest {

  @ParameterizedTest
  @MethodSource("examples")
  void aMistakeGivesTheSameMessageAtItsPlace(Example example) {
    example.checkEclipse();
  }

  static Stream<Example> examples() {
    return DiagnosticsTest.examples();
  }

  @Test
  void allMistakesAreReportedAtOnceAndNoOthers() {
    JavaFileObject user =
        Compile.example("User", "class User { SpecTrainer trainer = new SpecTrainer(null); }");
    List<Diagnostic<? extends JavaFileObject>> found =
        Eclipse.compile(Compile.example("Spec", MistakesTest.MANY), user).diagnostics();
    assertThat(found).hasSameSizeAs(MistakesTest.CODES_OF_MANY);
    assertThat(found.stream().map(diagnostic -> Compile.text(diagnostic).substring(1, 7)))
        .containsExactlyInAnyOrderElementsOf(MistakesTest.CODES_OF_MANY);
  }

  @ParameterizedTest
  @MethodSource("dev.atrous.processor.MistakesTest#notJava")
  void whatJavaDoesNotAcceptIsLeftToEclipse(String text) {
    assertThat(Eclipse.compile(Compile.example("Spec", text)).diagnostics())
        .isNotEmpty()
        .extracting(Compile::text)
        .allSatisfy(message -> assertThat(message).doesNotContain("ATR", "Exception"));
  }

  @ParameterizedTest
  @MethodSource("specs")
  void aSpecGivesTheSameSourcesWithoutWarnings(String text) {
    JavaFileObject spec = Compile.example("Small", text);
    Eclipse.Result eclipse = Eclipse.compile(spec);
    assertThat(eclipse.diagnostics()).extracting(Compile::text).isEmpty();
    Map<String, String> expected = new TreeMap<>();
    for (JavaFileObject source : Compile.strict(spec).generatedSourceFiles()) {
      String name = source.getName();
      expected.put(name.substring(name.lastIndexOf('/') + 1), Compile.content(source));
    }
    assertThat(expected).hasSize(4);
    assertThat(eclipse.generated()).isEqualTo(expected);
  }

  static List<String> specs() {
    return List.of(
        SmallModel.SOURCE,
        """
        @SegmentationModel(classes = 2, classNames = {"background", "Äpfel, \\"rot\\""}, crop = 145)
        @Backbone(value = ResNet.RESNET_50, width = 0.125)
        @AtrousCascade(lastBlock = 5)
        @AuxiliaryHead
        @Conventions(value = Conventions.Preset.TORCHVISION, stem = Conventions.Stem.THREE_3X3)
        class Small {}
        """);
  }
}
