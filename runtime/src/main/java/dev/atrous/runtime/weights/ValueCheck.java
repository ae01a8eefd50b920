package dev.atrous.runtime.weights;

import dev.atrous.runtime.AtrousException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** That weights are numbers which a trained network has. */
final class ValueCheck {
  private static final int MOST_LISTED = 10;
  private static final String VARIANCE = "/moving_variance";

  private ValueCheck() {}

  /**
   * Reads every tensor that is to be used.
   *
   * @param tensors names of tensors by parameter
   * @throws AtrousException if a value is not a number or infinite, or a variance negative; the
   *     message says of which tensors, and how many
   */
  static void check(TensorFile file, Map<String, String> tensors) {
    List<String> wrong = new ArrayList<>();
    tensors.forEach(
        (parameter, tensor) -> {
          String problem = problem(file.read(tensor), parameter.endsWith(VARIANCE));
          if (!problem.isEmpty()) {
            wrong.add(FormatException.quoted(tensor) + ": " + problem);
          }
        });
    if (!wrong.isEmpty()) {
      String more =
          wrong.size() > MOST_LISTED ? "\n  and " + (wrong.size() - MOST_LISTED) + " more" : "";
      throw new AtrousException(
          "The weights file %s has values that no network can compute with, in %d tensors:\n  %s%s\nThe training that wrote it has diverged, or the file is damaged. Take an earlier checkpoint of it, or get the file again."
              .formatted(
                  file.path(),
                  wrong.size(),
                  String.join("\n  ", wrong.subList(0, Math.min(MOST_LISTED, wrong.size()))),
                  more));
    }
  }

  private static String problem(float[] values, boolean isVariance) {
    int notNumbers = 0;
    int infinite = 0;
    int negative = 0;
    for (float value : values) {
      notNumbers += Float.isNaN(value) ? 1 : 0;
      infinite += Float.isInfinite(value) ? 1 : 0;
      negative += isVariance && value < 0 && !Float.isInfinite(value) ? 1 : 0;
    }
    List<String> counts = new ArrayList<>();
    add(counts, notNumbers, "not a number");
    add(counts, infinite, "infinite");
    add(counts, negative, "negative, and it is a variance");
    return counts.isEmpty()
        ? ""
        : "of %d values %s".formatted(values.length, String.join(", ", counts));
  }

  private static void add(List<String> counts, int count, String what) {
    if (count > 0) {
      counts.add(count + " " + what);
    }
  }
}
