package dev.atrous.processor.ir;

import dev.atrous.processor.ir.ParameterSpec.Role;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A graph with a node for every operation there is. */
public final class EveryOperation {
  private static final Scope SCOPE = new Scope("block", "unit");
  private static final int C = 4;

  private final GraphBuilder graph = new GraphBuilder("everything");

  private EveryOperation() {}

  /** The nodes, in their order. */
  public static Stream<Node> nodes() {
    return new EveryOperation().build().nodes().stream();
  }

  /** Every class of operations. */
  static Stream<Class<?>> kinds() {
    return leaves(Op.class);
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(Objects.requireNonNull(type.getPermittedSubclasses()))
            .flatMap(EveryOperation::leaves)
        : Stream.of(type);
  }

  private Value add(String name, Op op, Value... inputs) {
    return graph.add(SCOPE, name, op, inputs).output();
  }

  private Value parameter(String name, Role role, Integer... shape) {
    ParameterSpec spec = new ParameterSpec("block/unit/" + name, List.of(shape), role);
    return add(name.replace("/", "_"), new SourceOp.Parameter(spec));
  }

  private Graph build() {
    Value images = add("images", new SourceOp.Input("images", TensorType.u8(2, 9, 9, 3)));
    Value labels = add("labels", new SourceOp.Input("labels", TensorType.u8(2, 9, 9)));
    Value one = add("one", new SourceOp.Scalar(1));
    Value weights = parameter("conv/weights", Role.WEIGHTS, 3, 3, 3, C);
    Value square = parameter("square/weights", Role.WEIGHTS, 3, 3, C, C);
    Value bias = parameter("conv/bias", Role.BIAS, C);
    Value gamma = parameter("bn/gamma", Role.GAMMA, C);
    Value beta = parameter("bn/beta", Role.BETA, C);
    Value mean = parameter("bn/moving_mean", Role.MOVING_MEAN, C);
    Value variance = parameter("bn/moving_variance", Role.MOVING_VARIANCE, C);

    List<Double> three = List.of(1., 2., 3.);
    Value x = add("normalized", new ForwardOp.Normalize(three, three), images);
    Value bandMean = parameter("bands/mean", Role.BAND_MEAN, 3);
    Value bandDeviation = parameter("bands/deviation", Role.BAND_DEVIATION, 3);
    add("bands", new ForwardOp.NormalizeBands(), images, bandMean, bandDeviation);
    Value y = add("conv", new ForwardOp.Conv2D(2, 1), x, weights);
    add("bn", new ForwardOp.BatchNorm(1e-5), y, gamma, beta, mean, variance);
    Node norm =
        graph.add(SCOPE, "bnTraining", new ForwardOp.BatchNormTraining(1e-5), y, gamma, beta);
    ForwardOp synchronizedNorm = new ForwardOp.SynchronizedBatchNorm(1e-5);
    Node ofAll = graph.add(SCOPE, "bnSynchronized", synchronizedNorm, y, gamma, beta);
    Value relu = add("relu", new ForwardOp.Relu(), norm.output());
    add("sum", new ForwardOp.Add(), relu, y);
    Value pool = add("pool", new ForwardOp.MaxPool(3, 2), relu);
    Value every = add("subsample", new ForwardOp.Subsample(2), relu);
    Value average = add("mean", new ForwardOp.GlobalAveragePool(), relu);
    add("broadcast", new ForwardOp.Broadcast(), average, relu);
    Value concat = add("concat", new ForwardOp.Concat(), relu, y);
    add("withBias", new ForwardOp.AddBias(), relu, bias);
    add("perImage", new ForwardOp.AddPerImage(), relu, average);
    Value slice = add("slice", new ForwardOp.Slice(3, 2, 5), concat);
    Value wide = add("wide", new ForwardOp.Widen(), slice);
    Value logits = add("logits", new ForwardOp.Interpolate(true), wide, images);
    Node loss = graph.add(SCOPE, "entropy", new ForwardOp.SoftmaxCrossEntropy(), logits, labels);

    Value focal = add("focal", new ForwardOp.FocalLoss(2, List.of()), logits, labels);
    Value diceLoss = add("dice", new ForwardOp.DiceLoss(), logits, labels);
    ForwardOp sum = new ForwardOp.WeightedSum(List.of(1., 0.5, 2.));
    add("total", sum, loss.output(), focal, diceLoss);
    Node dropout = graph.add(SCOPE, "dropout", new ForwardOp.Dropout(0.5), relu);
    add("dDropout", new GradientOp.Multiply(), relu, dropout.output(1));

    add("dWide", new GradientOp.InterpolateGradient(true), loss.output(1), wide);
    add("dSlice", new GradientOp.Narrow(), wide, slice);
    add("dConcat", new GradientOp.SliceGradient(3, 2, 5), slice, concat);
    add("scaled", new GradientOp.Multiply(), loss.output(1), one);
    add("dBias", new GradientOp.BiasGradient(), relu);
    add("dPerImage", new GradientOp.SumPerImage(), relu);
    add("dMean", new GradientOp.GlobalAveragePoolGradient(), average, relu);
    add("dSubsample", new GradientOp.SubsampleGradient(2), every, relu);
    add("dPool", new GradientOp.MaxPoolGradient(3, 2), relu, pool, pool);
    add("dRelu", new GradientOp.ReluGradient(), relu, relu);
    add("dBn", new GradientOp.BatchNormGradient(1e-5), relu, y, gamma, norm.output(3));
    GradientOp ofAllGradient = new GradientOp.SynchronizedBatchNormGradient(1e-5);
    add("dSynchronized", ofAllGradient, relu, y, gamma, ofAll.output(3));
    add("dFrozen", new GradientOp.FrozenBatchNormGradient(1e-5), relu, y, gamma, mean, variance);
    Value filter = add("dWeights", new GradientOp.Conv2DFilterGradient(2, 1), x, y, weights);
    add("dSquare", new GradientOp.Conv2DFilterGradientByTaps(4), relu, relu, square);
    add("dNormalized", new GradientOp.Conv2DInputGradient(2, 1), weights, y, x);

    add("factor", new GradientOp.ClipFactor(1), filter, bias);
    graph.add(
        SCOPE,
        Phase.BACKWARD,
        "adamW",
        new UpdateOp.AdamW(0.9, 0.999, 1e-8, 1e-2, 1),
        List.of(weights, filter));
    graph.add(
        SCOPE,
        Phase.BACKWARD,
        "update",
        new UpdateOp.Momentum(0.9, 1e-4),
        List.of(weights, filter));
    graph.add(
        SCOPE,
        Phase.FORWARD,
        "averages",
        new UpdateOp.MovingAverages(0.99),
        List.of(mean, variance, norm.output(1), norm.output(2)));
    graph.result("loss", loss.output());
    return Verifier.verify(graph.build(), "the test");
  }
}
