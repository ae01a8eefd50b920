package dev.atrous.samples.generated;

import dev.atrous.processor.interpreter.Interpreter;
import dev.atrous.processor.interpreter.Tensor;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.network.NetworkStage;
import dev.atrous.processor.spec.Conventions;
import dev.atrous.processor.spec.ModelSpec;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.predict.Averaging;
import dev.atrous.runtime.predict.SlidingWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * What averaging means, in doubles and as plainly as can be. Images are padded to the crop, a
 * square.
 *
 * @param rounding of resized pixels
 */
record AverageReference(
    Reference network,
    ModelSpec spec,
    int outputStride,
    Averaging averaging,
    DoubleUnaryOperator rounding) {
  /** For probabilities that are neither 0 nor 1. */
  private static final double CLASSIFIER_SCALE = 0.05;

  AverageReference(
      Class<?> spec, int outputStride, Averaging averaging, DoubleUnaryOperator rounding) {
    this(Reference.of(spec), Reference.of(spec).spec(), outputStride, averaging, rounding);
  }

  /** Those that the reference works with. */
  Map<String, Tensor> parameters() {
    return parameters(network.inference(outputStride));
  }

  private static Map<String, Tensor> parameters(Graph graph) {
    Map<String, Tensor> parameters = Reference.parameters(graph, 1);
    parameters.computeIfPresent(
        "head/scores/weights",
        (name, weights) ->
            Tensor.of(weights.shape(), weights.map(w -> w * CLASSIFIER_SCALE).toFloats()));
    return parameters;
  }

  /** The probabilities of an image, {@code [height, width, classes]}. */
  Tensor probabilities(Image image) {
    double[] average = new double[image.height() * image.width() * spec.classes()];
    for (double scale : averaging.scales()) {
      double[] sum = new double[average.length];
      int[] views = new int[average.length];
      addScale(image, scale, sum, views);
      for (int i = 0; i < average.length; i++) {
        average[i] += sum[i] / views[i] / averaging.scales().size();
      }
    }
    return Tensor.of(List.of(image.height(), image.width(), spec.classes()), average);
  }

  private void addScale(Image image, double scale, double[] sum, int[] views) {
    int scaled = (int) Math.floor((spec.crop() - 1) * scale + 1);
    Tensor resized = resized(padded(image), scaled);
    SlidingWindow window = averaging.window();
    int length = window == null ? scaled : Math.min(window.size(), scaled);
    Graph graph = network.withCrop(length).withBatch(1).inference(outputStride);
    List<Integer> starts = starts(scaled, length, window == null ? 0 : window.overlap());
    for (int top : starts) {
      for (int left : starts) {
        Tensor view = cut(resized, top, left, length);
        add(image, scaled, top, left, scores(graph, view), sum, views);
        if (averaging.flip()) {
          Tensor mirrored = mirrored(scores(graph, mirrored(view)));
          add(image, scaled, top, left, mirrored, sum, views);
        }
      }
    }
  }

  private static List<Integer> starts(int whole, int length, int overlap) {
    List<Integer> starts = new ArrayList<>();
    int start = 0;
    while (start + length < whole) {
      starts.add(start);
      start += length - overlap;
    }
    starts.add(whole - length);
    return starts;
  }

  private Tensor padded(Image image) {
    int side = spec.crop();
    double[] values = new double[side * side * 3];
    for (int i = 0; i < values.length; i++) {
      int y = i / 3 / side;
      int x = i / 3 % side;
      int[] mean = {124, 116, 104};
      boolean inside = y < image.height() && x < image.width();
      values[i] = inside ? image.values()[(y * image.width() + x) * 3 + i % 3] & 0xff : mean[i % 3];
    }
    return Tensor.of(List.of(1, side, side, 3), values);
  }

  private Tensor resized(Tensor image, int size) {
    double[] values = new double[size * size * 3];
    for (int i = 0; i < values.length; i++) {
      int row = i / 3 / size;
      int column = i / 3 % size;
      double y = position(row, size, spec.crop());
      double x = position(column, size, spec.crop());
      values[i] = rounding.applyAsDouble(at(image, y, x, i % 3));
    }
    return Tensor.of(List.of(1, size, size, 3), values);
  }

  private static Tensor cut(Tensor image, int top, int left, int length) {
    double[] values = new double[length * length * 3];
    for (int i = 0; i < values.length; i++) {
      values[i] = image.get(0, top + i / 3 / length, left + i / 3 % length, i % 3);
    }
    return Tensor.of(List.of(1, length, length, 3), values);
  }

  private static Tensor mirrored(Tensor map) {
    int width = map.size(2);
    int channels = map.size(3);
    double[] values = new double[map.length()];
    for (int i = 0; i < values.length; i++) {
      int pixel = i / channels;
      values[i] = map.get(0, pixel / width, width - 1 - pixel % width, i % channels);
    }
    return Tensor.of(map.shape(), values);
  }

  /** The map that the network interpolates in the end. */
  private static Tensor scores(Graph graph, Tensor view) {
    Node interpolation = graph.result(NetworkStage.LOGITS).node();
    return Interpreter.run(graph, Map.of(NetworkStage.IMAGES, view), parameters(graph))
        .value(interpolation.input(0));
  }

  /** Adds the softmax of a view's scores to the pixels that it sees. */
  private void add(
      Image image, int scaled, int top, int left, Tensor scores, double[] sum, int[] views) {
    int map = scores.size(1);
    int classes = spec.classes();
    int length = averaging.window() == null ? scaled : Math.min(averaging.window().size(), scaled);
    for (int y = 0; y < image.height(); y++) {
      double inViewY = position(y, spec.crop(), scaled) - top;
      for (int x = 0; x < image.width(); x++) {
        double inViewX = position(x, spec.crop(), scaled) - left;
        if (!isInside(inViewY, length) || !isInside(inViewX, length)) {
          continue;
        }
        double[] powers = new double[classes];
        double total = 0;
        for (int c = 0; c < classes; c++) {
          double mapY = position(inViewY, length, map);
          double mapX = position(inViewX, length, map);
          powers[c] = Math.exp(at(scores, mapY, mapX, c));
          total += powers[c];
        }
        for (int c = 0; c < classes; c++) {
          int i = (y * image.width() + x) * classes + c;
          sum[i] += powers[c] / total;
          views[i]++;
        }
      }
    }
  }

  private static boolean isInside(double position, int length) {
    return position >= -0.5 && position < length - 0.5;
  }

  /** Where a point between 0 and {@code from - 1} lies after resizing to another length. */
  private double position(double point, int from, int to) {
    return spec.conventions().interpolation() == Conventions.Interpolation.ALIGN_CORNERS
        ? point / (from - 1) * (to - 1)
        : ((2 * point + 1) * to - from) / (2.0 * from);
  }

  /** Bilinear interpolation; beyond the border, the border. */
  private static double at(Tensor map, double y, double x, int channel) {
    double insideY = Math.min(Math.max(y, 0), map.size(1) - 1);
    double insideX = Math.min(Math.max(x, 0), map.size(2) - 1);
    double value = 0;
    for (int row = (int) insideY; row < Math.min(insideY + 1, map.size(1)); row++) {
      for (int column = (int) insideX; column < Math.min(insideX + 1, map.size(2)); column++) {
        double weight = (1 - Math.abs(row - insideY)) * (1 - Math.abs(column - insideX));
        value += weight * map.get(0, row, column, channel);
      }
    }
    return value;
  }
}
