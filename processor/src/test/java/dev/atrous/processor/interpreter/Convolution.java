package dev.atrous.processor.interpreter;

import java.util.List;

/** A convolution with zeros around the map, and its two transposes. */
final class Convolution {
  private final List<Integer> mapShape;
  private final List<Integer> weightsShape;
  private final Window rows;
  private final Window columns;

  Convolution(List<Integer> mapShape, List<Integer> weightsShape, int stride, int rate) {
    this.mapShape = mapShape;
    this.weightsShape = weightsShape;
    this.rows = new Window(mapShape.get(1), weightsShape.get(0), stride, rate);
    this.columns = new Window(mapShape.get(2), weightsShape.get(1), stride, rate);
  }

  Tensor apply(Tensor map, Tensor weights) {
    Tensor y = Tensor.zeros(outputShape());
    eachTap((xAt, wAt, yAt) -> y.data()[yAt] += map.data()[xAt] * weights.data()[wAt]);
    return y;
  }

  /** Derivative of the dot product of {@code dy} and the output by the map. */
  Tensor mapGradient(Tensor weights, Tensor dy) {
    Tensor dx = Tensor.zeros(mapShape);
    eachTap((xAt, wAt, yAt) -> dx.data()[xAt] += dy.data()[yAt] * weights.data()[wAt]);
    return dx;
  }

  /** Derivative of the dot product of {@code dy} and the output by the weights. */
  Tensor weightsGradient(Tensor map, Tensor dy) {
    Tensor dw = Tensor.zeros(weightsShape);
    eachTap((xAt, wAt, yAt) -> dw.data()[wAt] += dy.data()[yAt] * map.data()[xAt]);
    return dw;
  }

  private List<Integer> outputShape() {
    return List.of(mapShape.get(0), rows.outputs(), columns.outputs(), weightsShape.get(3));
  }

  /** Positions of an element of the map, the weight it is multiplied with, and where to add. */
  private interface Product {
    void at(int map, int weights, int output);
  }

  private void eachTap(Product product) {
    int outputRows = rows.outputs();
    int outputColumns = columns.outputs();
    for (int n = 0; n < mapShape.get(0); n++) {
      for (int i = 0; i < outputRows; i++) {
        for (int j = 0; j < outputColumns; j++) {
          eachTap(product, n, i, j, (n * outputRows + i) * outputColumns + j);
        }
      }
    }
  }

  private void eachTap(Product product, int n, int i, int j, int outputPixel) {
    for (int p = 0; p < rows.kernel(); p++) {
      int row = rows.position(i, p);
      for (int q = 0; q < columns.kernel(); q++) {
        int column = columns.position(j, q);
        if (rows.covers(row) && columns.covers(column)) {
          int mapPixel = (n * rows.size() + row) * columns.size() + column;
          eachChannel(product, mapPixel, p * columns.kernel() + q, outputPixel);
        }
      }
    }
  }

  private void eachChannel(Product product, int mapPixel, int tap, int outputPixel) {
    int inputs = weightsShape.get(2);
    int outputs = weightsShape.get(3);
    for (int a = 0; a < inputs; a++) {
      for (int b = 0; b < outputs; b++) {
        product.at(
            mapPixel * inputs + a, (tap * inputs + a) * outputs + b, outputPixel * outputs + b);
      }
    }
  }
}
