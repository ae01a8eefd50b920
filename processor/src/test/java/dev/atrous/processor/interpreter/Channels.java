package dev.atrous.processor.interpreter;

import java.util.List;
import java.util.function.DoubleBinaryOperator;

/** Maps {@code [N, H, W, C]} and vectors {@code [C]} or {@code [N, 1, 1, C]}. */
final class Channels {
  private Channels() {}

  /** A function of every element and the one of a vector {@code [C]} for its channel. */
  static Tensor zip(Tensor map, Tensor vector, DoubleBinaryOperator function) {
    double[] results = map.values();
    int channels = vector.length();
    for (int i = 0; i < results.length; i++) {
      results[i] = function.applyAsDouble(results[i], vector.at(i % channels));
    }
    return Tensor.wrap(map.shape(), results);
  }

  /** A function of every element and the one of {@code [N, 1, 1, C]} for its image and channel. */
  static Tensor zipPerImage(Tensor map, Tensor perImage, DoubleBinaryOperator function) {
    double[] results = map.values();
    int channels = map.size(3);
    int image = map.size(1) * map.size(2) * channels;
    for (int i = 0; i < results.length; i++) {
      double operand = perImage.at(i / image * channels + i % channels);
      results[i] = function.applyAsDouble(results[i], operand);
    }
    return Tensor.wrap(map.shape(), results);
  }

  /** Sum over images, rows and columns, {@code [C]}. */
  static Tensor sum(Tensor map) {
    double[] sums = new double[map.size(3)];
    for (int i = 0; i < map.length(); i++) {
      sums[i % sums.length] += map.at(i);
    }
    return Tensor.wrap(List.of(sums.length), sums);
  }

  /** Sum over rows and columns, {@code [N, 1, 1, C]}. */
  static Tensor sumPerImage(Tensor map) {
    int channels = map.size(3);
    int image = map.size(1) * map.size(2) * channels;
    double[] sums = new double[map.size(0) * channels];
    for (int i = 0; i < map.length(); i++) {
      sums[i / image * channels + i % channels] += map.at(i);
    }
    return Tensor.wrap(List.of(map.size(0), 1, 1, channels), sums);
  }
}
