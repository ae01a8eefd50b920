package dev.atrous.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Specs in a module of the user's, with the runtime and what it needs on the module path. */
final class NamedModuleTest {
  /** Entries of the class path that belong to tests. */
  private static final Pattern OF_TESTS =
      Pattern.compile(
          ".*/(processor/target|test-classes|archunit|assertj|auto|byte-buddy|checker|compile-testing|ecj|"
              + "error_prone|failureaccess|guava|javapoet|junit|listenablefuture|opentest4j|surefire|truth|"
              + "j2objc|apiguardian)[^/]*(/.*)?");

  /** The texts of what is generated for a small model in a module; there is no message. */
  private static List<String> compile(Path directory, String module) throws IOException {
    Path generated = Files.createDirectory(directory.resolve("generated"));
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    try (StandardJavaFileManager files =
        javac.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8)) {
      List<Path> sources =
          List.of(
              Files.writeString(directory.resolve("module-info.java"), module),
              Files.writeString(
                  directory.resolve("Small.java"),
                  Compile.content(Compile.example("Small", SmallModel.SOURCE))));
      List<String> options =
          List.of(
              "-Xlint:all",
              "-Werror",
              "--module-path",
              modulePath(),
              "-d",
              Files.createDirectory(directory.resolve("classes")).toString(),
              "-s",
              generated.toString());
      JavaCompiler.CompilationTask task =
          javac.getTask(
              null, files, diagnostics, options, null, files.getJavaFileObjectsFromPaths(sources));
      task.setProcessors(List.of(new ModelProcessor()));
      task.call();
    }
    assertThat(diagnostics.getDiagnostics()).extracting(Compile::text).isEmpty();
    try (Stream<Path> files = Files.list(generated.resolve("example"))) {
      List<String> texts = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        texts.add(Files.readString(file));
      }
      assertThat(texts).hasSize(4);
      return texts;
    }
  }

  private static String modulePath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !OF_TESTS.matcher(entry).matches())
        .collect(Collectors.joining(File.pathSeparator));
  }

  @Test
  void theRuntimeIsAllThatAModuleRequires(@TempDir Path directory) throws IOException {
    assertThat(compile(directory, "module user { requires dev.atrous.runtime; }"))
        .allSatisfy(source -> assertThat(source).doesNotContain("@Generated"));
  }

  @Test
  void whatIsGeneratedIsMarkedWhereTheMarkCanBeSeen(@TempDir Path directory) throws IOException {
    assertThat(
            compile(
                directory,
                "module user { requires dev.atrous.runtime; requires static java.compiler; }"))
        .allSatisfy(source -> assertThat(source).contains("@Generated(\"dev.atrous.processor."));
  }

  @Test
  void modelsCanBeExported(@TempDir Path directory) throws IOException {
    assertThat(
            compile(
                directory,
                "module user { requires transitive dev.atrous.runtime; exports example; }"))
        .hasSize(4);
  }
}
