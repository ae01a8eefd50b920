package dev.atrous.runtime.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.atrous.runtime.AtrousException;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Where the results of a command go as JSON: nowhere, to a file or to standard output. */
final class JsonOutput {
  /** In place of a file: standard output. */
  static final String STANDARD_OUTPUT = "-";

  static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ObjectMapper UTF_8 = new ObjectMapper();
  private static final ObjectMapper ASCII =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final boolean standardOutput;
  private final @Nullable OutputFile file;
  private final PrintWriter out;

  /**
   * Makes the folder of the file where need be.
   *
   * @param target a file, {@code -} or null
   * @param out standard output
   * @throws AtrousException if the file can't be written
   */
  JsonOutput(@Nullable String target, PrintWriter out) {
    this.standardOutput = STANDARD_OUTPUT.equals(target);
    this.file = target == null || standardOutput ? null : new OutputFile("JSON file", target);
    this.out = out;
  }

  /** Whether standard output is for the JSON alone. */
  boolean isStandardOutput() {
    return standardOutput;
  }

  /**
   * Writes the results. A file appears complete or not at all.
   *
   * @throws AtrousException if it can't be written
   */
  void write(JsonNode results) {
    if (standardOutput) {
      out.println(text(results, ASCII)); // is UTF-8, whatever the encoding of the console
    } else if (file != null) {
      file.write(text(results, UTF_8) + "\n");
    }
  }

  private static String text(JsonNode results, ObjectMapper mapper) {
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(results);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A number; null where it is not one, because JSON has no NaN. */
  static JsonNode number(double value) {
    return Double.isFinite(value) ? DoubleNode.valueOf(value) : NullNode.getInstance();
  }
}
