package dev.atrous.runtime.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atrous.runtime.model.CompiledModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What a run of the command line came to. */
record Invocation(int code, String out, String err) {

  /** Runs with paths and numbers as text. */
  static Invocation of(CompiledModel model, Object... args) {
    return of(new CompiledModel[] {model}, args);
  }

  static Invocation of(CompiledModel[] models, Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] text = Arrays.stream(args).map(String::valueOf).toArray(String[]::new);
    int code = AtrousCli.execute(text, new PrintWriter(out), new PrintWriter(err), models);
    return new Invocation(code, out.toString(), err.toString());
  }

  static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  /** Standard error without notes about the data. */
  String errors() {
    return err.lines()
        .filter(line -> !line.startsWith("note: "))
        .map(line -> line + System.lineSeparator())
        .collect(Collectors.joining());
  }
}
