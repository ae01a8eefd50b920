package dev.atrous.processor.network;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.GraphBuilder;
import dev.atrous.processor.ir.Padding;
import dev.atrous.processor.ir.ParameterSpec;
import dev.atrous.processor.ir.ParameterSpec.Initial;
import dev.atrous.processor.ir.Phase;
import dev.atrous.processor.ir.Scope;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.UpdateOp;
import dev.atrous.processor.ir.Value;
import dev.atrous.processor.spec.Conventions;
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
  private final Conventions.InitialValues initialValues;
  private final Part part;

  /** Of the network: they start differently. */
  enum Part {
    BACKBONE,
    /** The pyramid and the heads. */
    HEADS
  }

  Layers(GraphBuilder graph, Mode mode, ModelSpec spec, Part part) {
    this.graph = graph;
    this.mode = mode;
    this.padding =
        spec.conventions().padding() == Conventions.Padding.SAME ? Padding.SAME : Padding.SYMMETRIC;
    this.training = spec.training();
    this.initialValues = spec.conventions().initialValues();
    this.part = part;
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
    int fanIn = filter.fan(x.size(3));
    Initial initial =
        switch (initialValues) {
          case HE_FAN_IN -> Initial.OF_ROLE;
          case HE_FAN_OUT ->
              role == ParameterSpec.Role.WEIGHTS ? heFanOut(filter) : Initial.OF_ROLE;
          case TORCHVISION -> part == Part.BACKBONE ? heFanOut(filter) : uniform(fanIn);
        };
    return parameter(
        scope, layer, "weights", role, filter.shape(x.size(3)), initial, isFrozen(scope));
  }

  private static Initial heFanOut(Filter filter) {
    return new Initial(Initial.Values.HE_NORMAL, filter.fan(filter.channels()));
  }

  private static Initial uniform(int fan) {
    return new Initial(Initial.Values.UNIFORM, fan);
  }

  private Value conv(Scope scope, String name, Value x, Filter filter, Value weights) {
    ForwardOp conv = new ForwardOp.Conv2D(filter.stride(), filter.rate(), padding);
    return graph.add(scope, name, conv, x, weights).output();
  }

  /**
   * With the statistics of the batch, or of all workers' batches, only in a training that does not
   * freeze them.
   */
  private Value batchNorm(Scope scope, String name, Value x) {
    List<Integer> channels = List.of(x.size(3));
    boolean frozen = training.freezesBatchNorm() || isFrozen(scope);
    Value gamma = vector(scope, name, "gamma", ParameterSpec.Role.GAMMA, channels, frozen);
    Value beta = vector(scope, name, "beta", ParameterSpec.Role.BETA, channels, frozen);
    Value mean =
        vector(
            scope, name, "moving_mean", ParameterSpec.Role.MOVING_MEAN, channels, isFrozen(scope));
    Value variance =
        vector(
            scope,
            name,
            "moving_variance",
            ParameterSpec.Role.MOVING_VARIANCE,
            channels,
            isFrozen(scope));
    if (mode == Mode.INFERENCE || frozen) {
      return graph
          .add(scope, name, new ForwardOp.BatchNorm(EPSILON), x, gamma, beta, mean, variance)
          .output();
    }
    ForwardOp op =
        training.batchNorm() == ModelSpec.Training.BatchNorm.SYNCHRONIZED
            ? new ForwardOp.SynchronizedBatchNorm(EPSILON)
            : new ForwardOp.BatchNormTraining(EPSILON);
    var norm = graph.add(scope, name, op, x, gamma, beta);
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
    Initial initial =
        initialValues == Conventions.InitialValues.TORCHVISION
            ? uniform(filter.fan(x.size(3)))
            : Initial.OF_ROLE;
    List<Integer> channels = List.of(filter.channels());
    Value bias =
        parameter(scope, name, "bias", ParameterSpec.Role.BIAS, channels, initial, isFrozen(scope));
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

  private boolean isFrozen(Scope scope) {
    return training.rate(scope.block()) == 0;
  }

  private Value vector(
      Scope scope,
      String layer,
      String name,
      ParameterSpec.Role role,
      List<Integer> shape,
      boolean frozen) {
    return parameter(scope, layer, name, role, shape, Initial.OF_ROLE, frozen);
  }

  private Value parameter(
      Scope scope,
      String layer,
      String name,
      ParameterSpec.Role role,
      List<Integer> shape,
      Initial initial,
      boolean frozen) {
    ParameterSpec spec =
        new ParameterSpec(scope.path(layer) + "/" + name, shape, role, initial, frozen);
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

    /** The fan-in for the channels of the input, the fan-out for those of the output. */
    int fan(int ofChannels) {
      return kernel * kernel * ofChannels;
    }
  }
}
