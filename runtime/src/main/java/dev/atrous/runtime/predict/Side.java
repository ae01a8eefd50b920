package dev.atrous.runtime.predict;

import java.util.List;

/**
 * A side of an image that is padded and resized. Positions are not rounded to pixels: what lies
 * between two is interpolated.
 *
 * @param image its length in pixels
 * @param padded at least as long
 * @param scaled the padded side after resizing
 * @param alignCorners whether the centres of the first and last pixels stay where they are;
 *     otherwise their outer edges do (half-pixel centres)
 */
record Side(int image, int padded, int scaled, boolean alignCorners) {
  /**
   * What views of this side take and label.
   *
   * @param starts of the views in pixels of the resized side, ascending
   * @param length of each
   * @return those that label anything: not those that see padding alone
   */
  List<Span> spans(List<Integer> starts, int length) {
    int[] views = new int[image]; // of each pixel
    for (int start : starts) {
      int end = firstPixel(start + length);
      for (int pixel = firstPixel(start); pixel < end; pixel++) {
        views[pixel]++;
      }
    }
    return starts.stream()
        .map(start -> span(start, length, views))
        .filter(span -> span.begin() < span.end())
        .toList();
  }

  private Span span(int start, int length, int[] views) {
    int[] lower = new int[length];
    float[] share = new float[length];
    for (int i = 0; i < length; i++) {
      double source = Math.max(0, Math.min(padded - 1, position(start + i, scaled, padded)));
      lower[i] = (int) source;
      share[i] = (float) (source - lower[i]);
    }
    int begin = firstPixel(start);
    int end = firstPixel(start + length);
    float[] positions = new float[end - begin];
    float[] weights = new float[end - begin];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = (float) (position(begin + i, padded, scaled) - start);
      weights[i] = 1f / views[begin + i];
    }
    return new Span(lower, share, begin, positions, weights);
  }

  /** The first pixel of the image that is not before the edge of a pixel of the resized side. */
  private int firstPixel(int edge) {
    int low = 0;
    int high = image;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (position(middle, padded, scaled) < edge - 0.5) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Where a pixel of a side of one length lies in the same side of another length. */
  private double position(int pixel, int from, int to) {
    if (alignCorners) {
      return from == 1 ? 0 : (double) pixel * (to - 1) / (from - 1);
    }
    return (pixel + 0.5) * to / from - 0.5;
  }
}
