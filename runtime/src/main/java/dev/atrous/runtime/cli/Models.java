package dev.atrous.runtime.cli;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.model.CompiledModel;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The models of a program by name; upper and lower case are the same. */
final class Models {
  private final Map<String, CompiledModel> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /**
   * @throws IllegalArgumentException for no model, or two of one name
   */
  Models(CompiledModel... models) {
    for (CompiledModel model : models) {
      if (byName.put(model.description().name(), model) != null) {
        throw new IllegalArgumentException(
            "two models are named " + model.description().name() + "; rename a spec");
      }
    }
    if (byName.isEmpty()) {
      throw new IllegalArgumentException("a command line needs at least one model");
    }
  }

  /** For messages, in alphabetical order. */
  String names() {
    return String.join(", ", byName.keySet());
  }

  /** Whether {@code --model} can be left out. */
  boolean isOne() {
    return byName.size() == 1;
  }

  /**
   * The model of a name.
   *
   * @param name null for the only one
   * @throws AtrousException for an unknown name, or none where there are several
   */
  CompiledModel choose(@Nullable String name) {
    if (name == null) {
      if (!isOne()) {
        throw new AtrousException("Which model? Add --model with one of: " + names() + ".");
      }
      return byName.values().iterator().next();
    }
    CompiledModel model = byName.get(name);
    if (model == null) {
      throw new AtrousException(
          "No model is named '" + name + "'." + similar(name) + " There are: " + names() + ".");
    }
    return model;
  }

  private String similar(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    List<String> close =
        byName.keySet().stream()
            .filter(known -> distance(wanted, known) <= Math.max(2, known.length() / 3))
            .sorted(Comparator.comparingInt(known -> distance(wanted, known)))
            .toList();
    return close.isEmpty() ? "" : " Did you mean " + close.get(0) + "?";
  }

  /** How many letters to insert, delete or replace (Levenshtein), whatever their case. */
  private static int distance(String wanted, String known) {
    String name = known.toLowerCase(Locale.ROOT);
    int[] row = new int[name.length() + 1]; // distances of the name's beginnings
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= wanted.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (wanted.charAt(i - 1) == name.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[name.length()];
  }
}
