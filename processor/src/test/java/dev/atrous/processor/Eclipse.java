package dev.atrous.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.annotation.processing.Processor;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import org.eclipse.jdt.internal.compiler.tool.EclipseCompiler;

/** Runs the processor in Eclipse's compiler, which takes its sources from files. */
final class Eclipse {
  private Eclipse() {}

  /**
   * What came of a compilation.
   *
   * @param diagnostics in the order in which they were reported
   * @param generated text of the generated sources by name
   */
  record Result(
      List<Diagnostic<? extends JavaFileObject>> diagnostics,
      SortedMap<String, String> generated) {}

  /** Compiles with the processor and the warnings that Eclipse's compiler gives by default. */
  static Result compile(JavaFileObject... sources) {
    return run(List.of(), sources);
  }

  /** Runs the processor, and does not compile what it generates. */
  static Result process(JavaFileObject... sources) {
    return run(List.of("-proc:only"), sources);
  }

  /** Compiles with another processor as well, which comes second. */
  static Result compile(Processor other, JavaFileObject... sources) {
    return run(List.of(), List.of(new ModelProcessor(), other), sources);
  }

  private static Result run(List<String> more, JavaFileObject... sources) {
    return run(more, List.of(new ModelProcessor()), sources);
  }

  private static Result run(
      List<String> more, List<Processor> processors, JavaFileObject... sources) {
    try {
      Path directory = Files.createTempDirectory("eclipse");
      try {
        return run(directory, more, processors, sources);
      } finally {
        delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Result run(
      Path directory, List<String> more, List<Processor> processors, JavaFileObject... sources)
      throws IOException {
    Path generated = Files.createDirectory(directory.resolve("generated"));
    List<String> options = new ArrayList<>(more);
    options.addAll(
        List.of(
            "-d",
            Files.createDirectory(directory.resolve("classes")).toString(),
            "-s",
            generated.toString(),
            "-classpath",
            System.getProperty("java.class.path"),
            "--release",
            "17",
            // the imports that stand before each spec, and ids of ours in @SuppressWarnings
            "-warn:-unusedImport,warningToken"));
    JavaCompiler compiler = new EclipseCompiler();
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8)) {
      JavaCompiler.CompilationTask task =
          compiler.getTask(
              new PrintWriter(Writer.nullWriter()),
              files,
              diagnostics,
              options,
              null,
              files.getJavaFileObjectsFromPaths(write(directory.resolve("source"), sources)));
      task.setProcessors(processors);
      boolean success = task.call();
      assertThat(success)
          .isEqualTo(
              diagnostics.getDiagnostics().stream()
                  .noneMatch(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR));
    }
    return new Result(diagnostics.getDiagnostics(), read(generated));
  }

  private static List<Path> write(Path directory, JavaFileObject... sources) throws IOException {
    for (JavaFileObject source : sources) {
      Path file = directory.resolve(source.getName().substring(1));
      Files.createDirectories(file.getParent());
      Files.writeString(file, Compile.content(source));
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static SortedMap<String, String> read(Path directory) throws IOException {
    SortedMap<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        texts.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return texts;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
