package dev.atrous.processor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.testing.compile.Compilation;
import com.google.testing.compile.JavaFileObjects;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;
import javax.tools.JavaFileObject;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Classes of the user's package that have the names of what generated code uses. */
@Tag("slow")
final class NameClashesTest {
  private static final Pattern NO_CODE =
      Pattern.compile("\"(\\\\.|[^\"\\\\])*\"|//[^\\n]*|/\\*.*?\\*/", Pattern.DOTALL);
  private static final Pattern NAME = Pattern.compile("[\\p{L}_$][\\p{L}\\d_$]*");
  private static final String SMALL =
      "@java.lang.SuppressWarnings(\"ATR023\") @dev.atrous.annotation.SegmentationModel(classes = 3, crop = 33)"
          + " @dev.atrous.annotation.Backbone(value = dev.atrous.annotation.ResNet.RESNET_18, width = 0.125) ";

  /** Every name that stands in the code, whatever it names there, becomes a class beside it. */
  @Test
  void noNameInGeneratedCodeMeansAClassOfThePackage() {
    JavaFileObject[] specs = variants();
    Compilation alone = Compile.strict(specs);
    Set<String> names = names(contents(alone));
    assertThat(names)
        .contains("Override", "Integer", "IllegalArgumentException", "List", "ArrayList", "M")
        .contains("Generated", "CompiledModel", "NetworkOps", "Operand", "nn", "org", "java");
    assertSameBeside(alone, names, "package example;", specs);
  }

  /** All kinds of models. */
  private static JavaFileObject[] variants() {
    List<JavaFileObject> specs = new ArrayList<>();
    GeneratedCodeTest.variants()
        .forEach(
            variant ->
                specs.add(
                    GeneratedCodeTest.spec("Spec" + specs.size(), (String) variant.get()[1])));
    return specs.toArray(JavaFileObject[]::new);
  }

  @Test
  void noNameInGeneratedCodeMeansAClassOfTheUnnamedPackage() {
    JavaFileObject spec =
        Compile.unnamed(
            "Spec",
            """
            import java.lang.SuppressWarnings;
            @SuppressWarnings("ATR023")
            @SegmentationModel(classes = 3, crop = 33)
            @Backbone(value = ResNet.RESNET_18, width = 0.125)
            interface Spec {}
            """);
    Compilation alone = Compile.strict(spec);
    Set<String> names = names(contents(alone));
    names.remove("javax"); // such a class hides the JDK's package of that name from javac itself
    assertSameBeside(alone, names, "", spec);
  }

  @Test
  void theErrorsOfASpecAreTheOnlyOnes() {
    JavaFileObject spec =
        Compile.example("Spec", "@SegmentationModel(classes = 1) interface Spec {}");
    Set<String> names = names(Eclipse.compile(spec).generated().values());
    assertThat(names).contains("IllegalStateException", "Override");
    List<String> alone = Compile.errors(Compile.lenient(spec));
    assertThat(Compile.errors(Compile.lenient(beside(names, "package example;", spec))))
        .isEqualTo(alone)
        .hasSize(2);
  }

  /** Where a class of the model's package is meant, and not what has its name elsewhere. */
  @Test
  void specsCanHaveTheNamesOfWhatIsImported() {
    List<String> names = imports(Compile.strict(variants()));
    assertThat(names).contains("List", "Operand", "Override", "Integer");
    Compilation compilation =
        Compile.strict(
            names.stream()
                .map(
                    name ->
                        JavaFileObjects.forSourceString(
                            "example." + name,
                            "package example; " + SMALL + "interface " + name + " {}"))
                .toArray(JavaFileObject[]::new));
    assertThat(compilation.diagnostics()).isEmpty();
    assertThat(names)
        .allSatisfy(
            name ->
                assertThat(Compile.generated(compilation, "example." + name + "Model"))
                    .contains("The model of {@link " + name + "}"));
  }

  private static List<String> imports(Compilation compilation) {
    return compilation.generatedSourceFiles().stream()
        .flatMap(file -> Compile.content(file).lines())
        .filter(line -> line.startsWith("import "))
        .map(line -> line.substring(line.lastIndexOf('.') + 1, line.length() - 1))
        .distinct()
        .sorted()
        .toList();
  }

  /** The identifiers in what was generated; not the names of its own files. */
  private static Set<String> names(Collection<String> sources) {
    Set<String> names =
        sources.stream()
            .map(source -> NO_CODE.matcher(source).replaceAll(" "))
            .flatMap(code -> NAME.matcher(code).results())
            .map(MatchResult::group)
            .filter(SourceVersion::isName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(names).hasSizeGreaterThan(20);
    names.removeIf(name -> name.startsWith("Spec"));
    return names;
  }

  private static JavaFileObject[] beside(
      Set<String> names, String header, JavaFileObject... specs) {
    List<JavaFileObject> sources = new ArrayList<>(List.of(specs));
    String prefix = header.isEmpty() ? "" : "example.";
    names.forEach(
        name ->
            sources.add(
                JavaFileObjects.forSourceString(
                    prefix + name, header + " final class " + name + " {}")));
    return sources.toArray(JavaFileObject[]::new);
  }

  private static void assertSameBeside(
      Compilation alone, Set<String> names, String header, JavaFileObject... specs) {
    Compilation beside = Compile.strict(beside(names, header, specs));
    assertThat(beside.diagnostics()).isEmpty();
    assertThat(contents(beside)).hasSize(4 * specs.length).hasSameElementsAs(contents(alone));
    assertThat(Eclipse.compile(beside(names, header, specs)).diagnostics())
        .extracting(Compile::text)
        .allSatisfy(text -> assertThat(text).startsWith("The type parameter M is hiding the type"));
  }

  private static List<String> contents(Compilation compilation) {
    return compilation.generatedSourceFiles().stream().map(Compile::content).toList();
  }
}
