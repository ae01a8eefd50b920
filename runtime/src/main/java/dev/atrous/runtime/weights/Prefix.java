package dev.atrous.runtime.weights;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What stands before the names of a file that wraps a network: {@code module.} of data-parallel
 * training, {@code model.} of training frameworks, {@code _orig_mod.} of compiled models, {@code
 * backbone.} of a network in another.
 */
final class Prefix {
  private Prefix() {}

  /**
   * The prefix under which most names are found; of several, the first in the file. Empty if there
   * is none.
   *
   * @param wanted names without prefix
   * @param stored names of the file
   */
  static String of(Set<String> wanted, Set<String> stored) {
    Map<String, Integer> votes = new LinkedHashMap<>();
    for (String name : stored) {
      if (wanted.contains(name)) {
        votes.merge("", 1, Integer::sum);
      }
      for (int i = 0; i < name.length(); i++) {
        boolean separates = name.charAt(i) == '.' || name.charAt(i) == '/';
        if (separates && wanted.contains(name.substring(i + 1))) {
          votes.merge(name.substring(0, i + 1), 1, Integer::sum);
        }
      }
    }
    String best = "";
    for (Map.Entry<String, Integer> vote : votes.entrySet()) {
      if (vote.getValue() > votes.getOrDefault(best, 0)) {
        best = vote.getKey();
      }
    }
    return best;
  }
}
