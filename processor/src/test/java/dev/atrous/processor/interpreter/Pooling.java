package dev.atrous.processor.interpreter;

import dev.atrous.processor.ir.Padding;
import java.util.List;

/** Maxima over windows of a map; what lies outside never wins. */
final class Pooling {
  private final Tensor map;
  private final Window rows;
  private final Window columns;

  Pooling(Tensor map, int kernel, int stride, Padding padding) {
    this.map = map;
    this.rows = new Window(map.size(1), kernel, stride, 1, padding);
    this.columns = new Window(map.size(2), kernel, stride, 1, padding);
  }

  Tensor apply() {
    Tensor y = Tensor.zeros(List.of(map.size(0), rows.outputs(), columns.outputs(), map.size(3)));
    eachMaximum((winner, output) -> y.data()[output] = map.at(winner));
    return y;
  }

  /** {@code dy} of each window goes to its first maximum in row-major order. */
  Tensor gradient(Tensor dy) {
    Tensor dx = Tensor.zeros(map.shape());
    eachMaximum((winner, output) -> dx.data()[winner] += dy.at(output));
    return dx;
  }

  /** Positions of the maximum of a window, and of the window's output. */
  private interface Maximum {
    void at(int winner, int output);
  }

  private void eachMaximum(Maximum maximum) {
    int output = 0;
    for (int n = 0; n < map.size(0); n++) {
      for (int i = 0; i < rows.outputs(); i++) {
        for (int j = 0; j < columns.outputs(); j++) {
          for (int c = 0; c < map.size(3); c++) {
            maximum.at(winner(n, i, j, c), output++);
          }
        }
      }
    }
  }

  private int winner(int n, int i, int j, int c) {
    int winner = -1;
    for (int p = 0; p < rows.kernel(); p++) {
      int row = rows.position(i, p);
      for (int q = 0; q < columns.kernel(); q++) {
        int column = columns.position(j, q);
        if (rows.covers(row) && columns.covers(column)) {
          int at = ((n * rows.size() + row) * columns.size() + column) * map.size(3) + c;
          winner = winner < 0 || map.at(at) > map.at(winner) ? at : winner;
        }
      }
    }
    if (winner < 0) {
      throw new IllegalStateException("a window of the pool lies outside of " + map.shape());
    }
    return winner;
  }
}
