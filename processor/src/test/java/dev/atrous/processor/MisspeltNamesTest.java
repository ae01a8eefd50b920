package dev.atrous.processor;

import static com.google.testing.compile.Compiler.javac;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.testing.compile.Compilation;
import com.sun.source.util.Plugin;
import dev.atrous.processor.diag.DiagnosticId;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that don't exist in our annotations: what there is instead stands beside javac's error. */
final class MisspeltNamesTest {
  private static final String BACKBONES =
      "It has RESNET_18, RESNET_34, RESNET_50, RESNET_101, RESNET_152.";

  static Stream<Example> examples() {
    String first = "@SegmentationModel(classes = 21)\n";
    String rest = ") interface Spec {}";
    return Stream.of(
        new Example(
            DiagnosticId.UNKNOWN_CONSTANT,
            "backbone",
            first + "@Backbone(ResNet«.RESNET_105" + rest,
            "ResNet has no constant RESNET_105. Did you mean RESNET_101? " + BACKBONES),
        new Example(
            DiagnosticId.UNKNOWN_CONSTANT,
            "nothing near",
            first + "@Backbone(outputStride = 8, value = ResNet«.VGG" + rest,
            "ResNet has no constant VGG. " + BACKBONES),
        new Example(
            DiagnosticId.UNKNOWN_CONSTANT,
            "preset",
            first
                + "@Backbone(ResNet.RESNET_50)\n@Conventions(dev.atrous.annotation.Conventions.Preset«.TORCHVISON"
                + rest,
            "Conventions.Preset has no constant TORCHVISON. Did you mean TORCHVISION? It has PAPER, TORCHVISION,"
                + " MSRA."),
        new Example(
            DiagnosticId.UNKNOWN_MEMBER,
            "case",
            first + "@Backbone(value = ResNet.RESNET_50, «outputstride = 8" + rest,
            "@Backbone has no value 'outputstride'. Did you mean outputStride? It has value, outputStride, width."),
        new Example(
            DiagnosticId.UNKNOWN_MEMBER,
            "of a nested spec",
            "class Specs {\n  @Backbone(ResNet.RESNET_50) @ASPP(rates = 6, «channels = 8)\n"
                + "  @SegmentationModel(classes = 2) interface Spec {} }",
            "@ASPP has no value 'channels'. It has form, rates, imagePooling, filters, dropout."));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void theNearestNameIsSuggestedBesideTheErrorOfJavac(Example example) {
    Compilation compilation = Compile.processed(example.file());
    assertThat(Compile.errors(compilation))
        .filteredOn(text -> !text.startsWith("[ATR"))
        .singleElement()
        .asString()
        .matches("(?s)cannot find symbol.*|an enum annotation value must be an enum constant");
    example.checkJavac(ours(compilation));
  }

  /** Builds with plugins such as Error Prone let javac go on, in rounds, after an error. */
  @ParameterizedTest
  @MethodSource("examples")
  void isSaidOnceWhereJavacGoesOn(Example example) {
    Compilation compilation =
        javac()
            .withProcessors(new ModelProcessor())
            .withOptions("-proc:only", "--should-stop=ifError=FLOW")
            .compile(example.file());
    example.checkJavac(ours(compilation));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void eclipseKeepsItsOwnMessage(Example example) {
    List<Diagnostic<? extends JavaFileObject>> found =
        Eclipse.compile(example.file()).diagnostics();
    assertThat(found).hasSize(1);
    assertThat(Compile.text(found.get(0)))
        .containsPattern(
            "cannot be resolved or is not a field|is undefined for the annotation type")
        .doesNotContain("ATR");
  }

  private static List<Diagnostic<? extends JavaFileObject>> ours(Compilation compilation) {
    return compilation.diagnostics().stream()
        .filter(diagnostic -> Compile.text(diagnostic).startsWith("[ATR"))
        .<Diagnostic<? extends JavaFileObject>>map(diagnostic -> diagnostic)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@SegmentationModel(classes = 21) @Backbone(null) interface Spec {}",
        "@SegmentationModel(classes = 21) @Backbone(Spec.RESNET_50) interface Spec { ResNet RESNET_50 = null; }",
        "@SegmentationModel(classes = CLASSES) @Backbone(ResNet.RESNET_50) interface Spec {}",
        "@Backbon(ResNet.RESNET_105) interface Spec {}",
        "@Net(kind = Net.Kind.C) interface Spec {} @interface Net { Kind value(); enum Kind { A, B } }",
      })
  void otherMistakesAreLeftToJavac(String text) {
    Compilation compilation = Compile.processed(Compile.example("Spec", text));
    assertThat(compilation.errors()).isNotEmpty();
    assertThat(ours(compilation)).isEmpty();
  }

  @Test
  void theGoodNamesOfAStaticImportAreFine() {
    Compilation compilation =
        Compile.strict(
            Compile.example(
                "Spec",
                """
                import static dev.atrous.annotation.ResNet.RESNET_18;
                import static dev.atrous.annotation.Conventions.Preset.*;
                @SegmentationModel(classes = 21) @Backbone(RESNET_18) @Conventions(TORCHVISION) interface Spec {}
                """));
    assertThat(compilation.diagnostics()).isEmpty();
  }

  @Test
  void startsByItselfBesideTheProcessor() {
    assertThat(ServiceLoader.load(Plugin.class))
        .filteredOn(MisspeltNames.class::isInstance)
        .singleElement()
        .satisfies(plugin -> assertThat(plugin.autoStart()).isTrue());
  }
}
