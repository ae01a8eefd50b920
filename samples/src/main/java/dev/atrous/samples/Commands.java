package dev.atrous.samples;

import dev.atrous.runtime.cli.AtrousCli;
import dev.atrous.runtime.model.CompiledModel;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The commands that a user would type, shown as they run. */
final class Commands {
  private final PrintWriter out = writer(System.out);
  private final PrintWriter err = writer(System.err);

  private static PrintWriter writer(OutputStream stream) {
    return new PrintWriter(stream, true, Charset.defaultCharset());
  }

  /** Where to say something else. */
  PrintWriter out() {
    return out;
  }

  /**
   * Runs a command for a model.
   *
   * @return the exit code
   */
  int run(CompiledModel model, Object... arguments) {
    List<String> line = Stream.of(arguments).map(String::valueOf).toList();
    out.printf("%n$ atrous %s%n", String.join(" ", line));
    return AtrousCli.execute(line.toArray(String[]::new), out, err, model);
  }

  /** Deletes what earlier runs have left, if anything. */
  static void delete(Path path) {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
