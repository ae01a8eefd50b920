package dev.atrous.runtime.predict;

import dev.atrous.runtime.AtrousException;
import java.util.ArrayList;
import java.util.List;

/**
 * Square windows that together cover an image. All lie inside of it: the last one of a row or
 * column is moved back, and shares more with its neighbour than the others do.
 *
 * @param size side of a window in pixels; the model sees no more than that at once
 * @param overlap what neighbouring windows share in pixels, 0 to {@code size - 1}
 */
public record SlidingWindow(int size, int overlap) {

  /**
   * @throws AtrousException for values out of range
   */
  public SlidingWindow {
    if (size < 1) {
      throw new AtrousException("The window is " + size + "; it must be at least 1 pixel.");
    }
    if (overlap < 0 || overlap >= size) {
      throw new AtrousException(
          "The overlap is %d; with a window of %d pixels it must be 0 to %d."
              .formatted(overlap, size, size - 1));
    }
  }

  /**
   * Windows of which neighbours share a third.
   *
   * @throws AtrousException for a size below 1
   */
  public static SlidingWindow of(int size) {
    return new SlidingWindow(size, Math.max(0, size / 3));
  }

  /** Where windows begin along a side; a shorter side than theirs has one, of its own length. */
  List<Integer> starts(int length) {
    List<Integer> starts = new ArrayList<>();
    int last = Math.max(0, length - size);
    for (int start = 0; start < last; start += size - overlap) {
      starts.add(start);
    }
    starts.add(last);
    return starts;
  }
}
