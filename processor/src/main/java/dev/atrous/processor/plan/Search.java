package dev.atrous.processor.plan;

import java.util.function.IntPredicate;

/** Finds the sizes that messages suggest. */
final class Search {
  private Search() {}

  /**
   * The first number for which something holds; it must hold for all after it.
   *
   * @param from the first that is tried
   * @param end taken without a try if none before it will do
   */
  static int first(int from, int end, IntPredicate holds) {
    int low = from;
    int high = end;
    while (low < high) {
      int middle = low + (high - low) / 2;
      if (holds.test(middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
