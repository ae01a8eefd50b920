package dev.atrous.processor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import javax.annotation.processing.Filer;
import javax.annotation.processing.Messager;

/** Packages are stages: who may use whom. */
@AnalyzeClasses(
    packages = "dev.atrous.processor",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String ROOT = "dev.atrous.processor";
  private static final String[] JDK = {"java..", "org.jspecify.annotations"};
  private static final String MODEL = "javax.lang.model..";
  private static final String JAVAPOET = "com.palantir.javapoet..";

  @ArchTest static final ArchRule DIAG = only("diag", MODEL);
  @ArchTest static final ArchRule SPEC = only("spec", "diag", MODEL);
  @ArchTest static final ArchRule IR = only("ir", "diag", MODEL);
  @ArchTest static final ArchRule NETWORK = only("network", "spec", "ir", "diag");
  @ArchTest static final ArchRule PASS = only("pass", "ir", "diag");
  @ArchTest static final ArchRule AUTODIFF = only("autodiff", "ir", "diag");
  @ArchTest static final ArchRule PLAN = only("plan", "spec", "ir", "autodiff", "diag");

  @ArchTest
  static final ArchRule CODEGEN =
      only("codegen", "spec", "ir", "autodiff", "plan", JAVAPOET, MODEL);

  @ArchTest
  static final ArchRule ONLY_THE_ROOT_TALKS_TO_JAVAC =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT)
          .should()
          .dependOnClassesThat()
          .areAssignableTo(Filer.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Messager.class);

  @ArchTest
  static final ArchRule NOTHING_HEAVY_ON_THE_PROCESSOR_PATH =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.atrous.runtime..", "dev.atrous.annotation..", "org.tensorflow..");

  @ArchTest
  static final ArchRule NO_JAVAC_INTERNALS =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.sun.tools..", "jdk..", "sun..");

  /** Plugins of javac, with what is nested in them. */
  private static final String PLUGINS = ROOT + "\\.(MisspeltNames|LocalSpecs)(\\$.*)?";

  /** The processor runs in compilers that do not have javac's tree API. */
  @ArchTest
  static final ArchRule ONLY_PLUGINS_USE_TREES =
      noClasses()
          .that()
          .haveNameNotMatching(PLUGINS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.sun..");

  @ArchTest
  static final ArchRule NOTHING_USES_THE_PLUGINS =
      noClasses()
          .that()
          .haveNameNotMatching(PLUGINS)
          .should()
          .dependOnClassesThat()
          .haveNameMatching(PLUGINS);

  @ArchTest
  static final ArchRule NO_CYCLES = slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

  /** A package may use itself, the JDK's base and what is named. */
  private static ArchRule only(String stage, String... allowed) {
    String[] packages =
        Stream.concat(
                Stream.of(JDK),
                Stream.concat(
                    Stream.of(ROOT + "." + stage),
                    Stream.of(allowed).map(name -> name.endsWith("..") ? name : ROOT + "." + name)))
            .toArray(String[]::new);
    return classes()
        .that()
        .resideInAPackage(ROOT + "." + stage)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(packages);
  }
}
