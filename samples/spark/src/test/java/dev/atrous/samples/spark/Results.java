package dev.atrous.samples.spark;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** A table of results, by the path of the images without {@code file:} or {@code remote:}. */
record Results(Map<String, Row> rows) {
  static Results of(Dataset<Row> table) {
    Map<String, Row> rows = new HashMap<>();
    for (Row row : table.collectAsList()) {
      String path = String.valueOf(row.<@Nullable String>getAs("path"));
      assertThat(rows.put(path.replaceFirst("^(file:(//)?|remote:)", ""), row)).isNull();
    }
    return new Results(rows);
  }

  boolean has(String path) {
    return rows.containsKey(path);
  }

  @Nullable Object value(String path, String column) {
    return requireNonNull(rows.get(path), path).getAs(column);
  }

  /** A value that is there. */
  String text(String path, String column) {
    return requireNonNull(value(path, column), column).toString();
  }

  /** A value that is there, of a table with types or of one of texts. */
  long number(String path, String column) {
    return Long.parseLong(text(path, column));
  }
}
