package dev.atrous.processor.interpreter;

import dev.atrous.processor.ir.Padding;
import java.util.List;

/** Every stride-th row and column of a map, and the transpose. */
final class Sampling {
  private final List<Integer> from;
  private final int stride;
  private final int rows;
  private final int columns;

  Sampling(List<Integer> from, int stride) {
    this.from = from;
    this.stride = stride;
    this.rows = new Window(from.get(1), 1, stride, 1, Padding.SYMMETRIC).outputs();
    this.columns = new Window(from.get(2), 1, stride, 1, Padding.SYMMETRIC).outputs();
  }

  Tensor apply(Tensor map) {
    Tensor y = Tensor.zeros(List.of(from.get(0), rows, columns, from.get(3)));
    eachElement((whole, part) -> y.data()[part] = map.at(whole));
    return y;
  }

  Tensor transpose(Tensor dy) {
    Tensor dx = Tensor.zeros(from);
    eachElement((whole, part) -> dx.data()[whole] = dy.at(part));
    return dx;
  }

  /** Positions of an element in the map and in the sample. */
  private interface Element {
    void at(int whole, int part);
  }

  private void eachElement(Element element) {
    int channels = from.get(3);
    int part = 0;
    for (int n = 0; n < from.get(0); n++) {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          int pixel = (n * from.get(1) + i * stride) * from.get(2) + j * stride;
          for (int c = 0; c < channels; c++) {
            element.at(pixel * channels + c, part++);
          }
        }
      }
    }
  }
}
