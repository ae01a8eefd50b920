package dev.atrous.processor.interpreter;

import java.util.List;

/** Bilinear interpolation of a map, and its transpose. */
final class Interpolation {
  private final List<Integer> from;
  private final int outputRows;
  private final int outputColumns;
  private final boolean alignCorners;

  /**
   * @param from {@code [N, h, w, C]}
   */
  Interpolation(List<Integer> from, int outputRows, int outputColumns, boolean alignCorners) {
    this.from = from;
    this.outputRows = outputRows;
    this.outputColumns = outputColumns;
    this.alignCorners = alignCorners;
  }

  Tensor apply(Tensor map) {
    Tensor y = Tensor.zeros(List.of(from.get(0), outputRows, outputColumns, from.get(3)));
    eachPair((weight, xAt, yAt) -> y.data()[yAt] += weight * map.at(xAt));
    return y;
  }

  Tensor transpose(Tensor dy) {
    Tensor dx = Tensor.zeros(from);
    eachPair((weight, xAt, yAt) -> dx.data()[xAt] += weight * dy.at(yAt));
    return dx;
  }

  /**
   * What an output is made of: {@code (1 - share) * input[lower] + share * input[upper]}.
   *
   * @param share of the upper neighbour
   */
  private record Neighbours(int lower, int upper, double share) {}

  private Neighbours neighbours(int output, int inputs, int outputs) {
    double position;
    if (alignCorners) {
      position = outputs == 1 ? 0 : (double) output * (inputs - 1) / (outputs - 1);
    } else {
      position = (output + 0.5) * inputs / outputs - 0.5;
    }
    double inside = Math.max(0, Math.min(inputs - 1, position));
    int lower = (int) Math.floor(inside);
    return new Neighbours(lower, Math.min(lower + 1, inputs - 1), inside - lower);
  }

  /** The weight of an element of the map in an element of the output. */
  private interface Pair {
    void add(double weight, int map, int output);
  }

  private void eachPair(Pair pair) {
    for (int i = 0; i < outputRows; i++) {
      Neighbours rows = neighbours(i, from.get(1), outputRows);
      for (int j = 0; j < outputColumns; j++) {
        Neighbours columns = neighbours(j, from.get(2), outputColumns);
        int pixel = i * outputColumns + j;
        eachImage(pair, (1 - rows.share) * (1 - columns.share), rows.lower, columns.lower, pixel);
        eachImage(pair, (1 - rows.share) * columns.share, rows.lower, columns.upper, pixel);
        eachImage(pair, rows.share * (1 - columns.share), rows.upper, columns.lower, pixel);
        eachImage(pair, rows.share * columns.share, rows.upper, columns.upper, pixel);
      }
    }
  }

  private void eachImage(Pair pair, double weight, int row, int column, int outputPixel) {
    int height = from.get(1);
    int width = from.get(2);
    int channels = from.get(3);
    for (int n = 0; n < from.get(0); n++) {
      int x = ((n * height + row) * width + column) * channels;
      int y = (n * outputRows * outputColumns + outputPixel) * channels;
      for (int c = 0; c < channels; c++) {
        pair.add(weight, x + c, y + c);
      }
    }
  }
}
