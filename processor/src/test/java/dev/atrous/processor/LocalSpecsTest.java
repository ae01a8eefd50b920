package dev.atrous.processor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.testing.compile.Compilation;
import com.sun.source.util.Plugin;
import dev.atrous.processor.diag.DiagnosticId;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Specs in code, which javac shows to no annotation processor. */
final class LocalSpecsTest {
  private static final String SPEC = "@SegmentationModel(classes = 21) @Backbone(ResNet.RESNET_18)";

  static Stream<Example> examples() {
    return Stream.of(
        example("in a method", "void method() { «%s class Local {} }"),
        example("an interface", "void method() { «%s interface Local {} }"),
        example("in a constructor", "Spec() { «%s class Local {} }"),
        example("in an initializer", "static { «%s class Local {} }"),
        example("in a lambda", "Runnable r = () -> { «%s class Local {} };"),
        example("in a local class", "void method() { class Around { «%s class Local {} } }"),
        example("in an anonymous class", "Object object = new Object() {\n  «%s class Local {} };"),
        example("in a constant", "enum Constants { ONE {\n  «%s class Local {} } }"),
        example("in a nested class", "class Nested { void method() { «%s class Local {} } }"),
        example("an enum", "void method() { «%s enum Local {} }"));
  }

  private static Example example(String title, String body) {
    return new Example(
        DiagnosticId.SPEC_KIND,
        title,
        "class Spec {\n  " + body.formatted(SPEC) + "\n}",
        "@SegmentationModel is on a local type, but a model spec is a member of a package or of another type: the"
            + " Java compiler shows local types to no annotation processor. Move it out of the code, into the type"
            + " around it or to a file of its own.");
  }

  @ParameterizedTest
  @MethodSource("examples")
  void areErrors(Example example) {
    example.checkJavac(Compile.lenient(example.file()).diagnostics());
  }

  /** A part of a model would be as lost. */
  @Test
  void partsAreErrorsToo() {
    Compilation compilation =
        Compile.lenient(
            Compile.example(
                "Spec", "class Spec { void method() { @Deprecated @Training class Local {} } }"));
    assertThat(Compile.errors(compilation))
        .singleElement()
        .asString()
        .startsWith("[ATR001] @Training is on a local type");
  }

  @Test
  void otherSpecsAreCompiledBesideOne() {
    Compilation compilation =
        Compile.lenient(
            Compile.example(
                "Spec",
                SPEC
                    + " interface Spec {} class User { SpecTrainer trainer; void method() { "
                    + SPEC
                    + " class Local {} } }"));
    assertThat(Compile.errors(compilation)).hasSize(1);
  }

  @Test
  void otherTypesInCodeAndMembersAreFine() {
    Compilation compilation =
        Compile.strict(
            Compile.example(
                "Specs",
                "class Specs { void method() { @Deprecated class Local {} } @SuppressWarnings(\"ATR023\") "
                    + SPEC
                    + " class Member {} }"));
    assertThat(compilation.diagnostics()).isEmpty();
  }

  @Test
  void startsByItselfBesideTheProcessor() {
    assertThat(ServiceLoader.load(Plugin.class))
        .filteredOn(LocalSpecs.class::isInstance)
        .singleElement()
        .satisfies(plugin -> assertThat(plugin.autoStart()).isTrue());
  }
}
