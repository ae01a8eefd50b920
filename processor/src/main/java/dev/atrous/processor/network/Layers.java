package dev.atrous.processor.network;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.GraphBuilder;
import dev.atrous.processor.ir.Padding;
import dev.atrous.processor.ir.ParameterSpec;
import dev.atrous.processor.ir.Phase;
import dev.atrous.processor.ir.Scope;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.UpdateOp;
import dev.atrous.processor.ir.Value;
import dev.atrous.processor.spec.ModelSpec;
import java.util.List;

/** The layers that all parts of the network are made of: nodes together with their parameters. */
final class Layers {
  /** Added to variances; section 4.1 of the paper. */
  private static final double EPSILON = 1e-5;

  private final GraphBuilder graph;
  private final Mode mode;
  private final Padding padding;
  private final ModelSpec.Training training;

  Layers(GraphBuilder graph, Mode mode, Padding padding, ModelSpec.Training training) {
    this.graph = graph;
    this.mode = mode;
    this.padding = padding;
    this.training = training;
  }

  /**
   * Convolution, batch normalisation and ReLU: {@code conv}, {@code bn} and {@code relu} with the
   * suffix.
   *
   * @param suffix tells the layers of a unit apart; may be empty
   */
  Value convBnRelu(Scope scope, String suffix, Value x, Filter filter) {
    return relu(scope, "relu" + suffix, convBn(scope, "conv" + suffix, "bn" + suffix, x, filter));
  }

  /** Convolution and batch normalisation. */
  Value convBn(Scope scope, String convName, String bnName, Value x, Filter filter) {
    Value weights = weights(scope, convName, x, filter, ParameterSpec.Role.WEIGHTS);
    return batchNorm(scope, bnName, conv(scope, convName, x, filter, weights));
  }

  private Value weights(
      Scope scope, String layer, Value x, Filter filter, ParameterSpec.Role role) {
    return parameter(scope, layer, "weights", role, filter.shape(x.size(3)));
  }

  private Value conv(Scope scope, String name, Value x, Filter filter, Value weights) {
    ForwardOp conv = new ForwardOp.Conv2D(filter.stride(), filter.rate(), padding);
    return graph.add(scope, name, conv, x, weights).output();
  }

  /** With the statistics of the batch only in a training that does not freeze them. */
  private Value batchNorm(Scope scope, String name, Value x) {
    List<Integer> channels = List.of(x.size(3));
    boolean frozen = training.freezesBatchNorm() || isFrozen(scope);
    Value gamma = parameter(scope, name, "gamma", ParameterSpec.Role.GAMMA, channels, frozen);
    Value beta = parameter(scope, name, "beta", ParameterSpec.Role.BETA, channels, frozen);
    Value mean = parameter(scope, name, "moving_mean", ParameterSpec.Role.MOVING_MEAN, channels);
    Value variance =
        parameter(scope, name, "moving_variance", ParameterSpec.Role.MOVING_VARIANCE, channels);
    if (mode == Mode.INFERENCE || frozen) {
      return graph
          .add(scope, name, new ForwardOp.BatchNorm(EPSILON), x, gamma, beta, mean, variance)
          .output();
    }
    var norm = graph.add(scope, name, new ForwardOp.BatchNormTraining(EPSILON), x, gamma, beta);
    graph.add(
        scope,
        Phase.FORWARD,
        name + "Averages",
        new UpdateOp.MovingAverages(training.batchNormDecay()),
        List.of(mean, variance, norm.output(1), norm.output(2)));
    return norm.output();
  }

  /** Convolution with bias and ReLU: {@code conv} and {@code relu} with the suffix. */
  Value convBiasRelu(Scope scope, String suffix, Value x, Filter filter) {
    Value conv = convBias(scope, "conv" + suffix, x, filter, ParameterSpec.Role.WEIGHTS);
    return relu(scope, "relu" + suffix, conv);
  }

  /** A 1x1 convolution with bias that gives class scores, in float32. */
  Value classifier(Scope scope, String name, Value x, int classes) {
    Filter filter = new Filter(1, classes, 1, 1);
    Value wide = graph.add(scope, name + "Input", new ForwardOp.Widen(), x).output();
    return convBias(scope, name, wide, filter, ParameterSpec.Role.CLASSIFIER);
  }

  private Value convBias(
      Scope scope, String name, Value x, Filter filter, ParameterSpec.Role weightsRole) {
    Value weights = weights(scope, name, x, filter, weightsRole);
    Value bias =
        parameter(scope, name, "bias", ParameterSpec.Role.BIAS, List.of(filter.channels()));
    Value conv = conv(scope, name, x, filter, weights);
    return graph.add(scope, name + "WithBias", new ForwardOp.AddBias(), conv, bias).output();
  }

  /** Zeroes a share of the values in training; nothing in inference, or for a share of 0. */
  Value dropout(Scope scope, String name, Value x, double share) {
    return mode == Mode.INFERENCE || share == 0
        ? x
        : graph.add(scope, name, new ForwardOp.Dropout(share), x).output();
  }

  Value maxPool(Scope scope, String name, Value x, int kernel, int stride) {
    return graph.add(scope, name, new ForwardOp.MaxPool(kernel, stride, padding), x).output();
  }

  Value relu(Scope scope, String name, Value x) {
    return graph.add(scope, name, new ForwardOp.Relu(), x).output();
  }

  private Value parameter(
      Scope scope, String layer, String name, ParameterSpec.Role role, List<Integer> shape) {
    return parameter(scope, layer, name, role, shape, isFrozen(scope));
  }

  private boolean isFrozen(Scope scope) {
    return training.rate(scope.block()) == 0;
  }

  private Value parameter(
      Scope scope,
      String layer,
      String name,
      ParameterSpec.Role role,
      List<Integer> shape,
      boolean frozen) {
    ParameterSpec spec = new ParameterSpec(scope.path(layer) + "/" + name, shape, role, frozen);
    return graph.add(scope, camelCase(layer, name), new SourceOp.Parameter(spec)).output();
  }

  /** {@code bn1MovingMean} for {@code bn1} and {@code moving_mean}. */
  private static String camelCase(String layer, String name) {
    StringBuilder text = new StringBuilder(layer);
    for (String word : name.split("_", -1)) {
      text.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    }
    return text.toString();
  }

  /**
   * The filter of a convolution.
   *
   * @param kernel side
   * @param channels of the output
   */
  record Filter(int kernel, int channels, int stride, int rate) {
    List<Integer> shape(int inputs) {
      return List.of(kernel, kernel, inputs, channels);
    }
  }
}
