package dev.atrous.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may import whom, as docs/architecture.md says. */
@AnalyzeClasses(packages = "dev.atrous", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule noCycles = slices().matching("dev.atrous.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule annotationsStandAlone =
      noClasses()
          .that()
          .resideInAPackage("dev.atrous.annotation")
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages("java..", "dev.atrous.annotation", "org.jspecify..");

  @ArchTest
  static final ArchRule theRuntimeDoesNotKnowTheProcessor =
      noClasses()
          .that()
          .resideInAPackage("dev.atrous.runtime..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.atrous.processor..");

  @ArchTest
  static final ArchRule dataMetricsAndDescriptionsNeedNoTensorFlow =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.atrous.runtime.data..",
              "dev.atrous.runtime.metric..",
              "dev.atrous.runtime.describe..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.tensorflow..");

  @ArchTest
  static final ArchRule onlyTheCommandLineParsesArgumentsAndWritesJson =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.atrous.runtime.cli")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("picocli..", "com.fasterxml.jackson..");

  @ArchTest
  static final ArchRule onlyDescriptionsWriteHtml =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.atrous.runtime.describe")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("j2html..");
}
