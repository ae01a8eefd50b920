package dev.atrous.samples.generated;

import dev.atrous.processor.interpreter.Evaluation;
import dev.atrous.processor.interpreter.Interpreter;
import dev.atrous.processor.interpreter.Samples;
import dev.atrous.processor.interpreter.Tensor;
import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.network.NetworkStage;
import dev.atrous.runtime.data.Batch;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What a training step starts with.
 *
 * @param feeds images and labels
 * @param parameters float32 numbers
 */
record Example(Map<String, Tensor> feeds, Map<String, Tensor> parameters) {
  /** How far the shift of a batch normalisation may be moved. */
  private static final double REACH = 0.5;

  /**
   * Random values for which no unit is close to the kink of its ReLU. With them, rounding to
   * float32 does not change which units are on; a single one that changed would change the
   * gradients by its share. To that end the shift of every batch normalisation, or the bias, is
   * moved, channel by channel, so that zero is in the middle of a gap between the values.
   *
   * @param forward the network up to the loss
   */
  static Example of(Graph forward, int classes) {
    Random random = new Random(1);
    Map<String, Tensor> feeds = Samples.feeds(forward, classes, random);
    Map<String, Tensor> parameters = new HashMap<>(Reference.parameters(forward, 2));
    for (Node relu : forward.nodesOf(ForwardOp.Relu.class).toList()) {
      Tensor x = Interpreter.run(forward, feeds, parameters).value(relu.input(0));
      parameters.computeIfPresent(shift(relu), (name, old) -> moved(old, x));
    }
    return new Example(feeds, parameters);
  }

  /**
   * The parameter that a ReLU's input is shifted by: of a normalisation or a bias; of the residual,
   * where the input is a sum.
   */
  private static String shift(Node relu) {
    Node input = relu.input(0).node();
    Node shifted = input.op() instanceof ForwardOp.Add ? input.input(0).node() : input;
    int shift = shifted.op() instanceof ForwardOp.AddBias ? 1 : 2;
    return ((SourceOp.Parameter) shifted.input(shift).node().op()).spec().name();
  }

  private static Tensor moved(Tensor shift, Tensor x) {
    Tensor result = shift;
    for (int channel = 0; channel < shift.length(); channel++) {
      result = result.with(channel, (float) (shift.at(channel) - widestGap(x, channel)));
    }
    return result;
  }

  /** The middle of the widest gap between the values of a channel, near zero. */
  private static double widestGap(Tensor x, int channel) {
    int channels = x.size(3);
    double[] sorted =
        IntStream.range(0, x.length() / channels)
            .mapToDouble(pixel -> x.at(pixel * channels + channel))
            .filter(value -> Math.abs(value) < REACH)
            .sorted()
            .toArray();
    double middle = 0;
    double width = 0;
    for (int i = 0; i <= sorted.length; i++) {
      double low = i == 0 ? -REACH : sorted[i - 1];
      double high = i == sorted.length ? REACH : sorted[i];
      if (high - low > width) {
        width = high - low;
        middle = (low + high) / 2;
      }
    }
    return middle;
  }

  /** The smallest distance of a unit from its kink, relative to the layer's largest value. */
  static double margin(Graph graph, Evaluation evaluation) {
    return graph
        .nodesOf(ForwardOp.Relu.class)
        .map(relu -> evaluation.value(relu.input(0)))
        .mapToDouble(
            x -> Arrays.stream(x.values()).map(Math::abs).min().orElseThrow() / x.largest())
        .min()
        .orElseThrow();
  }

  Batch batch() {
    Tensor labels = feed(NetworkStage.LABELS);
    return new Batch(
        labels.size(0), labels.size(1), feed(NetworkStage.IMAGES).toBytes(), labels.toBytes());
  }

  private Tensor feed(String name) {
    return Objects.requireNonNull(feeds.get(name), name);
  }
}
