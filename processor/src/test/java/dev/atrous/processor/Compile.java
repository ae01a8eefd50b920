package dev.atrous.processor;

import static com.google.testing.compile.Compiler.javac;

import com.google.testing.compile.Compilation;
import com.google.testing.compile.JavaFileObjects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;

/** Runs the processor on source text. */
public final class Compile {
  /** Stands before each spec, on its first line, so that the tests show the spec alone. */
  private static final String IMPORTS =
      "import dev.atrous.annotation.*; import dev.atrous.runtime.train.*; import"
          + " dev.atrous.runtime.predict.*; ";

  private static final List<String> LINT = List.of("-Xlint:all", "-Werror", "-parameters");

  private Compile() {}

  /** A source file of package {@code example}; the text's first line is line 1. */
  public static JavaFileObject example(String name, String text) {
    return JavaFileObjects.forSourceString("example." + name, "package example; " + IMPORTS + text);
  }

  /** A source file of the unnamed package. */
  static JavaFileObject unnamed(String name, String text) {
    return JavaFileObjects.forSourceString(name, IMPORTS + text);
  }

  /** How far the imports push the columns of the first line. */
  static int firstColumn() {
    return ("package example; " + IMPORTS).length();
  }

  /** Runs the processor, and does not compile what it generates. */
  static Compilation processed(JavaFileObject... sources) {
    return javac().withProcessors(new ModelProcessor()).withOptions("-proc:only").compile(sources);
  }

  /** Compiles with the processor and the options of most builds. */
  public static Compilation lenient(JavaFileObject... sources) {
    return javac().withProcessors(new ModelProcessor()).compile(sources);
  }

  /** Compiles with the processor and with all of javac's warnings as errors. */
  public static Compilation strict(JavaFileObject... sources) {
    return javac().withProcessors(new ModelProcessor()).withOptions(LINT).compile(sources);
  }

  /** What javac says about a compilation's errors, for assertions that compare all of it. */
  static List<String> errors(Compilation compilation) {
    return compilation.errors().stream().map(Compile::text).toList();
  }

  /** The message alone: what a processor printed, without position. */
  public static String text(Diagnostic<?> diagnostic) {
    return diagnostic.getMessage(Locale.ROOT);
  }

  /** The text of a generated file. */
  static String generated(Compilation compilation, String qualifiedName) {
    return compilation
        .generatedSourceFile(qualifiedName)
        .map(Compile::content)
        .orElseThrow(
            () ->
                new AssertionError(
                    qualifiedName
                        + " is not among "
                        + Arrays.toString(compilation.generatedSourceFiles().toArray())));
  }

  static String content(JavaFileObject file) {
    try {
      return file.getCharContent(false).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
