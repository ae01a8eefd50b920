package dev.atrous.runtime.predict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The views of an image that are averaged: it is padded, then resized to each scale, as the
 * authors' code does, and where that is larger than the window, seen through windows.
 */
final class Views {
  private final PredictorOptions options;
  private final boolean alignCorners;

  /**
   * @param alignCorners how images are resized, as the model interpolates its class scores
   */
  Views(PredictorOptions options, boolean alignCorners) {
    this.options = options;
    this.alignCorners = alignCorners;
  }

  /** All views of an image, those that label the upper rows first. */
  List<View> of(int height, int width) {
    List<View> views = new ArrayList<>();
    for (double scale : options.averaging().scales()) {
      List<Span> columns = spans(width, scale);
      for (Span rows : spans(height, scale)) {
        columns.forEach(span -> views.add(new View(rows, span)));
      }
    }
    views.sort(Comparator.comparingInt(view -> view.rows().begin()));
    return views;
  }

  /** The spans along one side of an image at one scale. */
  List<Span> spans(int image, double scale) {
    int padded = options.padded(image);
    Side side = new Side(image, padded, scaled(padded, scale), alignCorners);
    SlidingWindow window = options.averaging().window();
    return window == null
        ? side.spans(List.of(0), side.scaled())
        : side.spans(window.starts(side.scaled()), Math.min(window.size(), side.scaled()));
  }

  /**
   * The length of a resized side, as the authors compute it: at the paper's scales, 513 pixels are
   * 257, 385, 513, 641, 769 and 897, all 1 modulo 8 and 16.
   */
  static int scaled(int side, double scale) {
    return (int) ((side - 1) * scale + 1);
  }
}
