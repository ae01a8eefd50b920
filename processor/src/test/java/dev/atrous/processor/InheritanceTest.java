package dev.atrous.processor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.testing.compile.Compilation;
import com.google.testing.compile.Compiler;
import com.google.testing.compile.JavaFileObjects;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Specs inherit annotations from what they extend, value by value. */
final class InheritanceTest {
  private static final String PAPER =
      """
      @SuppressWarnings("ATR023")
      @SegmentationModel(classes = 5, crop = 65)
      @Backbone(value = ResNet.RESNET_18, outputStride = 8, width = 0.125)
      @AtrousCascade(multiGrid = {1, 2})
      @ASPP(rates = {2, 6}, filters = 8)
      @Training(batchSize = 3, steps = 1000, batchNormDecay = 0.99)
      public interface Paper {}
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  Path directory;

  private static JavaFileObject paper() {
    return Compile.example("Paper", PAPER);
  }

  /** Compiles without a message of any kind. */
  private static Compilation silently(JavaFileObject... sources) {
    Compilation compilation = Compile.strict(sources);
    assertThat(compilation.diagnostics()).extracting(Compile::text).isEmpty();
    return compilation;
  }

  /** What is generated for a spec of one file, but for what says where its values come from. */
  private static List<String> generated(Compilation compilation) {
    return Stream.of("Model", "TrainingStep", "Trainer", "Predictor")
        .map(kind -> Compile.generated(compilation, "example.Spec" + kind))
        .map(text -> text.replaceAll("(?s)\n \\*\n \\* <p>(From|By default).*?\n \\*/", "\n */"))
        .map(text -> text.replaceAll(" *inherited\\.add\\(.*\\);\n", ""))
        .toList();
  }

  /** A spec, and the same with every annotation written on it. */
  static Stream<Arguments> specsAndWrittenOut() {
    String around = "@SuppressWarnings(\"ATR023\") ";
    String rest = " @ASPP(rates = {2, 6}, filters = 8)";
    String recipe = " @Training(batchSize = 3, steps = 1000, batchNormDecay = 0.99)";
    String whole =
        "@SegmentationModel(classes = 5, crop = 65)"
            + " @Backbone(value = ResNet.RESNET_18, outputStride = 8, width = 0.125)"
            + " @AtrousCascade(multiGrid = {1, 2})";
    return Stream.of(
            Arguments.of(
                "an annotation alone",
                "@SegmentationModel interface Spec extends Paper {}",
                whole + rest + recipe),
            Arguments.of(
                "a value of an annotation",
                "@SegmentationModel(crop = 33) interface Spec extends Paper {}",
                whole.replace("65", "33") + rest + recipe),
            Arguments.of(
                "the network, with a multi-grid that fits",
                "@Backbone(ResNet.RESNET_50) @AtrousCascade(multiGrid = {1, 2, 4}) class Spec implements Paper {}",
                whole.replace("RESNET_18", "RESNET_50").replace("{1, 2}", "{1, 2, 4}")
                    + rest
                    + recipe),
            Arguments.of(
                "what the parent does not have",
                "@AuxiliaryHead(lossWeight = 0.25) interface Spec extends Paper {}",
                whole + rest + recipe + " @AuxiliaryHead(lossWeight = 0.25)"),
            Arguments.of(
                "the value for none",
                "@Backbone(value = ResNet.INHERITED, outputStride = 16) interface Spec extends Paper {}",
                whole.replace("outputStride = 8", "outputStride = 16") + rest + recipe),
            Arguments.of(
                "a multi-grid of ones, which has an effect here",
                "@AtrousCascade(multiGrid = {1, 1}) interface Spec extends Paper {}",
                whole.replace("@AtrousCascade(multiGrid = {1, 2})", "") + rest + recipe),
            Arguments.of(
                "batch normalisation that is frozen now, so that its decay has no effect",
                "@Training(batchNorm = Training.BatchNorm.FROZEN) interface Spec extends Paper {}",
                whole
                    + rest
                    + " @Training(batchSize = 3, steps = 1000, batchNorm = Training.BatchNorm.FROZEN)"),
            Arguments.of(
                "a chain",
                """
            @Training(batchSize = 4) interface Spec extends Middle {}
            @Training(batchSize = 5, power = 1) @ASPP(rates = 2) interface Middle extends Plain {}
            interface Plain extends Paper {}
            """,
                whole
                    + " @ASPP(rates = 2, filters = 8)"
                    + " @Training(batchSize = 4, steps = 1000, batchNormDecay = 0.99, power = 1)"),
            Arguments.of(
                "a diamond",
                """
            @Training interface Spec extends Left, Right {}
            @ASPP(rates = 2) interface Left extends Paper {}
            @Training(power = 1) interface Right extends Paper {}
            """,
                whole
                    + " @ASPP(rates = 2, filters = 8)"
                    + " @Training(batchSize = 3, steps = 1000, batchNormDecay = 0.99, power = 1)"),
            Arguments.of(
                "a diamond in which one side hides what both inherit",
                """
            @Training interface Spec extends Right, Left, Paper {}
            @ASPP(rates = 2) interface Left extends Paper {}
            @Training(power = 1) interface Right extends Paper {}
            """,
                whole
                    + " @ASPP(rates = 2, filters = 8)"
                    + " @Training(batchSize = 3, steps = 1000, batchNormDecay = 0.99, power = 1)"),
            Arguments.of(
                "parents that disagree, and the spec decides",
                """
            @Training(batchSize = 7) interface Spec extends Paper, Six {}
            @Training(batchSize = 6) @ASPP(filters = 8) interface Six {}
            """,
                whole + rest + recipe.replace("3", "7")),
            Arguments.of(
                "parts of models",
                """
            @SegmentationModel(crop = 65) interface Spec extends Data, Network {}
            @SegmentationModel(classes = 5) interface Data {}
            @Backbone(value = ResNet.RESNET_18, width = 0.125) interface Network extends Recipe {}
            @Training(batchSize = 3, steps = 1000, batchNormDecay = 0.99) interface Recipe {}
            """,
                "@SegmentationModel(classes = 5, crop = 65)"
                    + " @Backbone(value = ResNet.RESNET_18, width = 0.125)"
                    + recipe),
            Arguments.of(
                "conventions one by one",
                """
            @Conventions(interpolation = Conventions.Interpolation.ALIGN_CORNERS)
            interface Spec extends Ours {}
            @Conventions(value = Conventions.Preset.TORCHVISION, stem = Conventions.Stem.THREE_3X3)
            interface Ours extends Paper {}
            """,
                whole
                    + rest
                    + recipe
                    + " @Conventions(value = Conventions.Preset.TORCHVISION, stem = Conventions.Stem.THREE_3X3,"
                    + " interpolation = Conventions.Interpolation.ALIGN_CORNERS)"),
            Arguments.of(
                "a class and an interface",
                """
            @Training class Spec extends Base implements Recipe {}
            @ASPP(rates = 2) abstract class Base implements Paper {}
            @Training(power = 1) interface Recipe {}
            """,
                whole + " @ASPP(rates = 2, filters = 8)" + recipe.replace(")", ", power = 1)")))
        .map(
            example ->
                Arguments.of(
                    example.get()[0],
                    around + String.valueOf(example.get()[1]).replace("\n@", "\n" + around + "@"),
                    around + example.get()[2] + " interface Spec {}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("specsAndWrittenOut")
  void aSpecIsWhatItWouldBeIfItWroteAll(String title, String spec, String writtenOut) {
    Compilation inherited = silently(Compile.example("Spec", spec), paper());
    Compilation written = silently(Compile.example("Spec", writtenOut));
    assertThat(generated(inherited)).isEqualTo(generated(written));
  }

  @Test
  void partsOfModelsGenerateNothing() {
    Compilation compilation =
        silently(
            Compile.example(
                "Spec",
                """
                @SegmentationModel(crop = 65) interface Spec extends Data, Network {}
                @SegmentationModel(classes = 5) interface Data {}
                @Backbone(value = ResNet.RESNET_18, width = 0.125) interface Network {}
                """));
    assertThat(compilation.generatedSourceFiles()).hasSize(4);
  }

  /** Parents may be compiled already. */
  @Test
  void parentsMayBeInClassFilesAndInOtherPackages() throws IOException {
    JavaFileObject parent =
        JavaFileObjects.forSourceString(
            "other.Paper", "package other; import dev.atrous.annotation.*; " + PAPER);
    String spec =
        "@SuppressWarnings(\"ATR023\") @SegmentationModel(crop = 33) interface Spec extends other.Paper {}";
    Compilation together = silently(Compile.example("Spec", spec), parent);
    write(silently(parent));
    Compilation alone = withClasses(Compile.example("Spec", spec));
    assertThat(alone.diagnostics()).extracting(Compile::text).isEmpty();
    assertThat(alone.generatedSourceFiles()).hasSize(4);
    for (String kind : List.of("Model", "TrainingStep", "Trainer", "Predictor")) {
      assertThat(Compile.generated(alone, "example.Spec" + kind))
          .isEqualTo(Compile.generated(together, "example.Spec" + kind));
    }
    assertThat(Compile.generated(alone, "example.SpecModel"))
        .contains("5 classes, trained at crop 33")
        .contains("<p>From {@link other.Paper}:")
        .doesNotContain("import other.");
  }

  /** Writes the classes of a compilation to where {@link #withClasses} finds them. */
  private void write(Compilation compilation) throws IOException {
    for (JavaFileObject file : compilation.generatedFiles()) {
      if (file.getKind() == JavaFileObject.Kind.CLASS) {
        Path path = directory.resolve(file.getName().replaceFirst("^/CLASS_OUTPUT/", ""));
        Files.createDirectories(path.getParent());
        try (InputStream in = file.openInputStream()) {
          Files.write(path, in.readAllBytes());
        }
      }
    }
  }

  private Compilation withClasses(JavaFileObject... sources) {
    List<File> path =
        Stream.concat(
                Stream.of(directory.toFile()),
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                    .map(File::new))
            .toList();
    return Compiler.javac()
        .withClasspath(path)
        .withProcessors(new ModelProcessor())
        .compile(sources);
  }

  /**
   * As a build tool does that compiles what changed and what depends on it: the spec of a changed
   * parent, with the parent's source and with the classes of before.
   */
  @Test
  void aChangedParentChangesItsHeirs() throws IOException {
    JavaFileObject spec =
        Compile.example(
            "Spec",
            "@SuppressWarnings(\"ATR023\") @SegmentationModel(crop = 33) public interface Spec extends Paper {}");
    Compilation before = silently(spec, paper());
    write(before);
    JavaFileObject changed =
        Compile.example("Paper", PAPER.replace("rates = {2, 6}", "rates = {2, 4}"));
    Compilation after = withClasses(changed, spec);
    assertThat(after.errors()).isEmpty();
    assertThat(generated(after)).isNotEqualTo(generated(before));
    assertThat(generated(after)).isEqualTo(generated(silently(spec, changed)));
    write(after);
    // Only the spec changes now: the parent is what was compiled last.
    Compilation alone = withClasses(spec);
    assertThat(alone.errors()).isEmpty();
    assertThat(generated(alone)).isEqualTo(generated(after));
  }

  private static final String BAD_PARENT =
      """
      @SegmentationModel(classes = 5)
      @Backbone(value = ResNet.RESNET_18)
      @Training(steps = 1000, batchNormDecay = 0.99,
          momentum = 2)
      public interface Paper {}
      """;

  private static final String RANGE =
      "[ATR016] momentum = 2.0 is not possible: it must be at least 0 and less than 1. The paper uses 0.9.";

  private static final String HEIRS =
      "@ASPP(rates = 2) interface Spec extends Paper {} @ASPP(rates = 3) interface Other extends Paper {}";

  @Test
  void aMistakeOfAParentIsSaidOnceAndThere() {
    for (List<? extends Diagnostic<? extends JavaFileObject>> found :
        List.of(
            Compile.processed(Compile.example("Spec", HEIRS), Compile.example("Paper", BAD_PARENT))
                .diagnostics(),
            Eclipse.process(Compile.example("Spec", HEIRS), Compile.example("Paper", BAD_PARENT))
                .diagnostics())) {
      assertThat(found).extracting(Compile::text).containsExactly(RANGE);
      assertThat(found.get(0).getLineNumber()).isEqualTo(4); // the other file has one line
    }
  }

  /** The part is no model, so it is its heirs that are checked. */
  @Test
  void aMistakeOfAPartNamesAnHeir() {
    String part = "\n\n@Training(momentum = 2)\n interface Recipe {}";
    String heirs =
        """
        @SegmentationModel(classes = 5) @Backbone(ResNet.RESNET_18) interface Spec extends Recipe {}
        @SegmentationModel(classes = 6) @Backbone(ResNet.RESNET_18) interface Other extends Recipe {}
        """;
    for (List<? extends Diagnostic<? extends JavaFileObject>> found :
        List.of(
            Compile.processed(Compile.example("Spec", heirs), Compile.example("Recipe", part))
                .diagnostics(),
            Eclipse.process(Compile.example("Spec", heirs), Compile.example("Recipe", part))
                .diagnostics())) {
      assertThat(found)
          .extracting(Compile::text)
          .containsExactly(RANGE + " (Spec inherits it from example.Recipe.)");
      assertThat(found.get(0).getLineNumber()).isEqualTo(3); // the other file has two lines
    }
  }

  /**
   * What is right in the parent and wrong in the heir points to the parent's value all the same.
   */
  @Test
  void aValueThatDoesNotFitTheHeirNamesBoth() {
    Compilation compilation =
        Compile.processed(
            Compile.example(
                "Spec", "@SegmentationModel(crop = 33) interface Spec extends Paper {}"),
            paper());
    assertRateOfSix(compilation, "Paper.java", 5);
  }

  /** The warning about the last rate of the parent, on the map of an heir, and where it is. */
  private static void assertRateOfSix(Compilation compilation, String file, long line) {
    assertThat(compilation.diagnostics())
        .filteredOn(found -> Compile.text(found).startsWith("[ATR023] a rate of 6 "))
        .singleElement()
        .satisfies(
            found -> {
              assertThat(Compile.text(found))
                  .startsWith("[ATR023] a rate of 6 is large for the 5 x 5 map")
                  .endsWith(" (Spec inherits it from example.Paper.)");
              assertThat(found.getSource().getName()).endsWith(file);
              assertThat(found.getLineNumber()).isEqualTo(line);
            });
  }

  @Test
  void theSpecSuppressesWhatItInherits() {
    for (String suppression : List.of("ATR023", "all")) {
      Compilation compilation =
          Compile.processed(
              Compile.example(
                  "Spec",
                  "@SuppressWarnings(\"%s\") @SegmentationModel(crop = 33) interface Spec extends Paper {}"
                      .formatted(suppression)),
              paper());
      assertThat(compilation.diagnostics()).isEmpty();
    }
  }

  @Test
  void withoutTheSourceOfTheParentTheMessageIsOnTheSpec() throws IOException {
    write(silently(paper()));
    Compilation compilation =
        withClasses(
            Compile.example(
                "Spec", "@SegmentationModel(crop = 33)\n interface Spec extends Paper {}"));
    assertRateOfSix(compilation, "Spec.java", 2);
  }

  @Test
  void whatTheSpecWritesIsToBlameBeforeWhatItInherits() {
    Compilation compilation =
        Compile.processed(
            Compile.example(
                "Spec",
                "@SuppressWarnings(\"ATR023\")\n@Training(steps = 20) interface Spec extends Paper {}"),
            paper());
    assertThat(compilation.diagnostics())
        .singleElement()
        .satisfies(
            found -> {
              assertThat(Compile.text(found)).startsWith("[ATR032]").doesNotContain("inherits");
              assertThat(found.getSource().getName()).endsWith("Spec.java");
              assertThat(found.getLineNumber()).isEqualTo(2);
            });
  }

  @Test
  void partsForOtherModulesSaySo() {
    assertThat(
            Compile.processed(
                    Compile.example(
                        "Spec", "@SuppressWarnings(\"ATR003\") @Training interface Spec {}"))
                .diagnostics())
        .isEmpty();
  }

  /** What is wrong with the Java of what a spec extends. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "@SegmentationModel(classes = 2) @Backbone(ResNet.RESNET_18) interface Spec extends Missing {}",
        "@SegmentationModel(classes = 2) @Backbone(ResNet.RESNET_18) interface Spec extends Spec {}",
        "@SegmentationModel(classes = 2) interface Spec extends Base {}"
            + " @Backbone(ResNet.RESNET_99) interface Base {}",
        "@SegmentationModel(classes = 2) @Backbone(ResNet.RESNET_18) interface Spec extends Base {}"
            + " @Training(steps = MISSING) interface Base {}"
      })
  void whatJavaDoesNotAcceptIsLeftToJava(String text) {
    assertThat(Compile.lenient(Compile.example("Spec", text)).errors())
        .extracting(Compile::text)
        .filteredOn(message -> !message.startsWith("[ATR030]"))
        .isNotEmpty()
        .allSatisfy(message -> assertThat(message).doesNotContain("ATR", "Exception"));
    assertThat(Eclipse.compile(Compile.example("Spec", text)).diagnostics())
        .isNotEmpty()
        .extracting(Compile::text)
        .allSatisfy(message -> assertThat(message).doesNotContain("ATR", "Exception"));
  }

  @Test
  void theModelSaysWhereItsValuesComeFrom() {
    Compilation compilation =
        silently(
            Compile.example(
                "Spec",
                "@SuppressWarnings(\"ATR023\") @SegmentationModel(crop = 33) interface Spec extends Paper {}"),
            paper());
    assertThat(Compile.generated(compilation, "example.SpecModel"))
        .contains(
            String.join(
                "\n * ",
                "<p>From {@link example.Paper}:",
                "<pre>{@code",
                "@SegmentationModel(classes = 5)",
                "@Backbone(value = RESNET_18, outputStride = 8, width = 0.125)",
                "@AtrousCascade(multiGrid = {1, 2})",
                "@ASPP(rates = {2, 6}, filters = 8)",
                "@Training(batchSize = 3, steps = 1000, batchNormDecay = 0.99)",
                "}</pre>"))
        .contains("<p>By default:")
        .contains("InheritedValue(\"SegmentationModel\", \"classes\", \"5\", \"Paper\")")
        .contains("InheritedValue(\"Training\", \"power\", \"0.9\", null)")
        .doesNotContain("\"crop\"");
  }

  /** Names that would end a comment, or a piece of code in one. */
  @Test
  void namesOfClassesDoNotEndTheComment() {
    Compilation compilation =
        silently(
            Compile.example(
                "Spec",
                """
                @SegmentationModel(crop = 65) interface Spec extends Data {}
                @SegmentationModel(classes = 3, classNames = {"background", "*/ x", "}{ \\\\u"})
                @Backbone(value = ResNet.RESNET_18, width = 0.125)
                interface Data {}
                """));
    assertThat(Compile.generated(compilation, "example.SpecModel"))
        .contains("@SegmentationModel(classes = 3, classNames = ...)");
  }
}
