package dev.atrous.runtime.log;

import dev.atrous.runtime.WriteFailure;
import dev.atrous.runtime.checkpoint.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A table as text: a line for each row, its cells with commas between them (RFC 4180). */
public final class CsvTable {
  private final StringBuilder text = new StringBuilder();

  /** A table with a header. */
  public CsvTable(Object... header) {
    add(header);
  }

  /** Adds a row; a number that is none is an empty cell. */
  public void add(Object... cells) {
    text.append(line(cells));
  }

  /** A row as a line. */
  static String line(Object... cells) {
    return Arrays.stream(cells).map(CsvTable::cell).collect(Collectors.joining(",", "", "\n"));
  }

  private static String cell(Object value) {
    if (value instanceof Double number && number.isNaN()) {
      return "";
    }
    String cell = value.toString();
    boolean quoted = cell.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return quoted ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
  }

  /**
   * Writes the table as UTF-8, or replaces it.
   *
   * @throws dev.atrous.runtime.AtrousException if it can't be written
   */
  public void write(Path file) {
    try {
      DurableFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw WriteFailure.of("The table " + file, e);
    }
  }
}
