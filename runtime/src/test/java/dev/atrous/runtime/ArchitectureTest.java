package dev.atrous.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.PackageMatcher;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who may use whom, as docs/architecture.md draws it. */
@AnalyzeClasses(packages = "dev.atrous", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ANNOTATION = "dev.atrous.annotation";
  private static final String ROOT = "dev.atrous.runtime";
  private static final String[] JDK = {"java..", "org.jspecify.annotations"};
  private static final String IMAGES = "javax.imageio..";
  private static final String LOG = "org.slf4j";
  private static final String TENSORFLOW = "org.tensorflow..";
  private static final String PROTOBUF = "com.google.protobuf..";
  private static final String NATIVE = "org.bytedeco..";
  private static final String LIBC = "com.sun.jna..";
  private static final String PROGRESS_BAR = "me.tongfei.progressbar..";
  private static final String HTML = "j2html..";
  private static final String ARGUMENTS = "picocli..";
  private static final String JSON = "com.fasterxml.jackson..";

  /** What each package may use beside itself and the JDK's base. */
  private static final Map<String, List<String>> ALLOWED = new HashMap<>();

  @ArchTest static final ArchRule ANNOTATIONS = only(ANNOTATION);
  @ArchTest static final ArchRule ERRORS = only(ROOT);
  @ArchTest static final ArchRule OP = only("op", TENSORFLOW);
  @ArchTest static final ArchRule MODEL = only("model", "op", ANNOTATION, TENSORFLOW);

  @ArchTest
  static final ArchRule NATIVE_SIDE = only("tensorflow", ROOT, TENSORFLOW, NATIVE, LIBC, LOG);

  @ArchTest static final ArchRule KERNEL = only("kernel", "op", "tensorflow", TENSORFLOW);
  @ArchTest static final ArchRule DATA = only("data", ROOT, IMAGES, JSON, LOG);
  @ArchTest static final ArchRule METRIC = only("metric");

  @ArchTest
  static final ArchRule CHECKPOINT =
      only("checkpoint", ROOT, "op", "tensorflow", TENSORFLOW, NATIVE, LOG);

  @ArchTest
  static final ArchRule WEIGHTS =
      only("weights", ROOT, ANNOTATION, "op", "model", "tensorflow", TENSORFLOW, NATIVE);

  @ArchTest static final ArchRule DESCRIBE = only("describe", ANNOTATION, "model", "page", HTML);

  @ArchTest static final ArchRule PAGE = only("page", HTML);

  @ArchTest
  static final ArchRule RUN_LOG =
      only("log", ROOT, "data", "checkpoint", "train", TENSORFLOW, PROTOBUF);

  @ArchTest
  static final ArchRule REPORT = only("report", "data", "metric", "describe", "page", "log", HTML);

  @ArchTest
  static final ArchRule TRAIN =
      only(
          "train",
          ROOT,
          ANNOTATION,
          "op",
          "model",
          "kernel",
          "tensorflow",
          "data",
          "metric",
          "checkpoint",
          "predict",
          TENSORFLOW,
          PROGRESS_BAR,
          JSON,
          LIBC,
          LOG);

  @ArchTest
  static final ArchRule PREDICT =
      only(
          "predict",
          ROOT,
          "op",
          "model",
          "kernel",
          "tensorflow",
          "data",
          "metric",
          "checkpoint",
          TENSORFLOW);

  @ArchTest
  static final ArchRule BENCH = only("bench", "model", "tensorflow", "data", "train", "predict");

  @ArchTest static final ArchRule DOCTOR = only("doctor", ROOT, "tensorflow");

  @ArchTest
  static final ArchRule CLI =
      only(
          "cli",
          ROOT,
          ANNOTATION,
          "model",
          "tensorflow",
          "data",
          "metric",
          "checkpoint",
          "weights",
          "describe",
          "train",
          "predict",
          "log",
          "report",
          "bench",
          "doctor",
          TENSORFLOW,
          ARGUMENTS,
          JSON);

  @ArchTest
  static final ArchRule NO_CYCLES = slices().matching("dev.atrous.(**)").should().beFreeOfCycles();

  @ArchTest
  static void everyPackageHasARule(JavaClasses all) {
    assertThat(all.stream().map(JavaClass::getPackageName).collect(Collectors.toSet()))
        .isEqualTo(ALLOWED.keySet());
  }

  /** A row of the table of packages: {@code | `model` | `op` |}. */
  private static final Pattern ROW = Pattern.compile("\\| `([a-z]+)` \\|((?: `[a-z]+`,?)*) \\|");

  @ArchTest
  static void theDocumentedRulesAreThese(JavaClasses all) throws IOException {
    Map<String, Set<String>> documented = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("..", "docs", "architecture.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        Stream<String> used = Stream.of(row.group(2).split("[`, ]+", -1));
        documented.put(
            row.group(1), used.filter(name -> !name.isEmpty()).collect(Collectors.toSet()));
      }
    }
    Map<String, Set<String>> rules = new TreeMap<>();
    ALLOWED.forEach(
        (name, allowed) -> {
          if (name.startsWith(ROOT + ".")) {
            rules.put(
                name.substring(ROOT.length() + 1),
                allowed.stream()
                    .filter(used -> used.startsWith(ROOT + "."))
                    .map(used -> used.substring(ROOT.length() + 1))
                    .collect(Collectors.toSet()));
          }
        });
    assertThat(documented).isEqualTo(rules);
  }

  @ArchTest
  static void noRuleAllowsMoreThanIsUsed(JavaClasses all) {
    List<String> unused =
        ALLOWED.entrySet().stream()
            .flatMap(
                rule ->
                    rule.getValue().stream()
                        .filter(used -> !isUsed(all, rule.getKey(), PackageMatcher.of(used)))
                        .map(used -> rule.getKey() + " does not use " + used))
            .toList();
    assertThat(unused).isEmpty();
  }

  private static boolean isUsed(JavaClasses all, String user, PackageMatcher used) {
    return all.stream()
        .filter(type -> type.getPackageName().equals(user))
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .anyMatch(dependency -> used.matches(dependency.getTargetClass().getPackageName()));
  }

  /** A package may use itself, the JDK's base and what is named: packages of ours and libraries. */
  private static ArchRule only(String name, String... allowed) {
    String ruled = qualified(name);
    List<String> others = Stream.of(allowed).map(ArchitectureTest::qualified).toList();
    ALLOWED.put(ruled, others);
    String[] packages =
        Stream.of(Stream.of(JDK), Stream.of(ruled), others.stream())
            .flatMap(part -> part)
            .toArray(String[]::new);
    return classes()
        .that()
        .resideInAPackage(ruled)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(packages);
  }

  private static String qualified(String name) {
    return name.contains(".") ? name : ROOT + "." + name;
  }
}
