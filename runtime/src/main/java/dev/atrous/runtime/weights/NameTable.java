package dev.atrous.runtime.weights;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the layers of a network are in a file: rows of a layer's path here and there. In a path,
 * <code>{b}</code> stands for the number of a block (1 to 4: the copies of block4 are in no file),
 * other letters for any number; <code>{u-1}</code> in the file's path is one less.
 *
 * @param rows the first that fits is taken
 * @param variables the last part of a parameter's name ({@code weights}, {@code gamma}), and what
 *     follows the layer's path in the file
 */
record NameTable(List<Row> rows, Map<String, String> variables) {

  /**
   * A layer.
   *
   * @param layer path in the network, for example <code>block{b}/unit{u}/conv{n}</code>
   * @param module path in the file
   * @param isClassifier whether it gives class scores
   */
  record Row(Pattern layer, String module, boolean isClassifier) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w)(-1)?}");

    static Row of(String layer, String module) {
      return new Row(pattern(layer), module, false);
    }

    static Row classifier(String layer, String module) {
      return new Row(pattern(layer), module, true);
    }

    private static Pattern pattern(String layer) {
      return Pattern.compile(
          PLACEHOLDER
              .matcher(layer)
              .replaceAll(
                  found ->
                      "(?<"
                          + found.group(1)
                          + ">"
                          + (found.group(1).equals("b") ? "[1-4]" : "[0-9]{1,4}")
                          + ")"));
    }

    private String module(Matcher layer) {
      return PLACEHOLDER
          .matcher(module)
          .replaceAll(
              found -> {
                int number = Integer.parseInt(layer.group(found.group(1)));
                return String.valueOf(found.group(2) == null ? number : number - 1);
              });
    }
  }

  /**
   * A tensor of a file.
   *
   * @param name in the file
   * @param isClassifier whether it belongs to the class scores
   */
  record Source(String name, boolean isClassifier) {}

  NameTable {
    rows = List.copyOf(rows);
  }

  static NameTable of(Map<String, String> variables, Row... rows) {
    return new NameTable(Arrays.asList(rows), variables);
  }

  /** Which tensor a parameter is; empty if there is none in such a file. */
  Optional<Source> source(String parameter) {
    int slash = parameter.lastIndexOf('/');
    String variable = variables.get(parameter.substring(slash + 1));
    if (slash < 0 || variable == null) {
      return Optional.empty();
    }
    for (Row row : rows) {
      Matcher layer = row.layer().matcher(parameter.substring(0, slash));
      if (layer.matches()) {
        return Optional.of(new Source(row.module(layer) + variable, row.isClassifier()));
      }
    }
    return Optional.empty();
  }
}
