package dev.atrous.processor.diag;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Names that someone may have meant. */
public final class Similar {
  private Similar() {}

  /**
   * The known name that is nearest to a wanted one, whatever their case. Empty if none is near: at
   * most two letters may differ, or a third of a long name.
   */
  public static Optional<String> to(String wanted, Collection<String> known) {
    return known.stream()
        .filter(name -> distance(wanted, name) <= Math.max(2, name.length() / 3))
        .min(Comparator.comparingInt(name -> distance(wanted, name)));
  }

  /** How many letters to insert, delete or replace (Levenshtein). */
  private static int distance(String wanted, String known) {
    String from = wanted.toLowerCase(Locale.ROOT);
    String to = known.toLowerCase(Locale.ROOT);
    int[] row = new int[to.length() + 1]; // distances of the beginnings of the known name
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
