package dev.atrous.runtime.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** A table of text: the first columns flush left, the others flush right. */
final class Table {
  private static final String GAP = "  ";
  private static final List<String> RULE = List.of();

  private final int left;
  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  /** A table whose first column is flush left. */
  Table(String... header) {
    this(1, header);
  }

  /**
   * @param left how many columns are flush left
   */
  Table(int left, String... header) {
    this.left = left;
    this.header = List.of(header);
    rule();
  }

  /**
   * Adds a row.
   *
   * @param cells as many as the header has
   */
  void add(Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(cell.toString());
    }
    if (row.size() != header.size()) {
      throw new IllegalArgumentException(row + " is no row under " + header);
    }
    rows.add(row);
  }

  /** Adds a rule, unless there is one already; below the header there is. */
  void rule() {
    if (rows.isEmpty() || !rows.get(rows.size() - 1).equals(RULE)) {
      rows.add(RULE);
    }
  }

  /** Prints header, rule and rows. */
  void print(PrintWriter out) {
    int[] widths = header.stream().mapToInt(String::length).toArray();
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    String title = line(header, widths);
    out.println(title);
    for (List<String> row : rows) {
      out.println(row.equals(RULE) ? "-".repeat(title.length()) : line(row, widths));
    }
  }

  private String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String space = " ".repeat(widths[i] - row.get(i).length());
      line.append(i == 0 ? "" : GAP);
      line.append(i < left ? row.get(i) + space : space + row.get(i));
    }
    return line.toString();
  }
}
