package dev.atrous.processor.interpreter;

import dev.atrous.processor.ir.Padding;
import java.util.List;

/** A convolution with zeros around the map, and its two transposes. */
final class Convolution {
  private final List<Integer> mapShape;
  private final List<Integer> weightsShape;
  private final Window rows;
  private final Window columns;

  Convolution(
      List<Integer> mapShape, List<Integer> weightsShape, int stride, int rate, Padding padding) {
    this.mapShape = mapShape;
    this.weightsShape = weightsShape;
    this.rows = new Window(mapShape.get(1), weightsShape.get(0), stride, rate, padding);
    this.columns = new Window(mapShape.get(2), weightsShape.get(1), stride, rate, padding);
  }

  Tensor apply(Tensor map, Tensor weights) {
    Tensor y = Tensor.zeros(outputShape());
    eachProduct(
        (xAt, wAt, yAt) -> {
          for (int b = 0; b < outputChannels(); b++) {
            y.data()[yAt + b] += map.data()[xAt] * weights.data()[wAt + b];
          }
        });
    return y;
  }

  /** Derivative of the dot product of {@code dy} and the output by the map. */
  Tensor mapGradient(Tensor weights, Tensor dy) {
    Tensor dx = Tensor.zeros(mapShape);
    eachProduct(
        (xAt, wAt, yAt) -> {
          for (int b = 0; b < outputChannels(); b++) {
            dx.data()[xAt] += dy.data()[yAt + b] * weights.data()[wAt + b];
          }
        });
    return dx;
  }

  /** Derivative of the dot product of {@code dy} and the output by the weights. */
  Tensor weightsGradient(Tensor map, Tensor dy) {
    Tensor dw = Tensor.zeros(weightsShape);
    eachProduct(
        (xAt, wAt, yAt) -> {
          for (int b = 0; b < outputChannels(); b++) {
            dw.data()[wAt + b] += dy.data()[yAt + b] * map.data()[xAt];
          }
        });
    return dw;
  }

  private int outputChannels() {
    return weightsShape.get(3);
  }

  private List<Integer> outputShape() {
    return List.of(mapShape.get(0), rows.outputs(), columns.outputs(), weightsShape.get(3));
  }

  /**
   * An element of the map times the weights for all channels of the output: the position of the
   * element, and those of the first weight and the first channel.
   */
  private interface Product {
    void at(int map, int weights, int output);
  }

  private void eachProduct(Product product) {
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
    for (int a = 0; a < inputs; a++) {
      product.at(
          mapPixel * inputs + a,
          (tap * inputs + a) * outputChannels(),
          outputPixel * outputChannels());
    }
  }
}
