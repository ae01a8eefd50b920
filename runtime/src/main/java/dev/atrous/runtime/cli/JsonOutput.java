package dev.atrous.runtime.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.atrous.runtime.AtrousException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where the results of a command go as JSON: nowhere, to a file or to standard output. */
final class JsonOutput {
  /** In place of a file: standard output. */
  static final String STANDARD_OUTPUT = "-";

  static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final @Nullable String target;
  private final PrintWriter out;

  /**
   * Makes the folder of the file where need be, so that a long run does not end with an error.
   *
   * @param target a file, {@code -} or null
   * @param out standard output
   * @throws AtrousException if the file can't be written
   */
  JsonOutput(@Nullable String target, PrintWriter out) {
    this.target = target;
    this.out = out;
    if (target != null && !isStandardOutput()) {
      Path file = Path.of(target).toAbsolutePath();
      if (Files.isDirectory(file)) {
        throw new AtrousException("The JSON file " + target + " is a directory.");
      }
      Folders.create("folder of the JSON file", file.getParent());
    }
  }

  /** Whether standard output is for the JSON alone. */
  boolean isStandardOutput() {
    return STANDARD_OUTPUT.equals(target);
  }

  /**
   * Writes the results. A file appears complete or not at all.
   *
   * @throws AtrousException if it can't be written
   */
  void write(JsonNode results) {
    if (target == null) {
      return;
    }
    String text = text(results);
    if (isStandardOutput()) {
      out.println(text);
      return;
    }
    Path file = Path.of(target).toAbsolutePath();
    Path partial = file.resolveSibling("." + UUID.randomUUID() + ".part");
    try {
      Files.writeString(partial, text + "\n");
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new AtrousException(
          "The JSON file " + target + " can't be written: " + Folders.reason(e) + ".", e);
    } finally {
      partial.toFile().delete(); // no longer there unless something failed
    }
  }

  private static String text(JsonNode results) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(results);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A number; null where it is not one, because JSON has no NaN. */
  static JsonNode number(double value) {
    return Double.isFinite(value) ? DoubleNode.valueOf(value) : NullNode.getInstance();
  }
}
