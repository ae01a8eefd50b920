package dev.atrous.processor.autodiff;

import dev.atrous.processor.interpreter.Tensor;
import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.Padding;
import dev.atrous.processor.ir.ParameterSpec.Role;
import dev.atrous.processor.ir.TensorType;
import dev.atrous.processor.ir.Value;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * An operation on inputs that are parameters or depend on some.
 *
 * @param op what to differentiate
 * @param situation what is special about the inputs
 * @param build adds the inputs and the operation to a sketch; gives what the loss depends on
 */
record OperationCase(ForwardOp op, String situation, BiFunction<Sketch, ForwardOp, Value> build) {

  @Override
  public String toString() {
    return op + " " + situation;
  }

  static Stream<OperationCase> all() {
    return Stream.of(
            convolutions(),
            sharedWeights(),
            norms(),
            pools(),
            slices(),
            interpolations(),
            joins(),
            losses())
        .flatMap(cases -> cases);
  }

  private static Stream<OperationCase> convolutions() {
    return Stream.of(
        conv(1, 1, 5, 4, 3, 3),
        conv(2, 1, 5, 5, 3, 3),
        conv(2, 1, 6, 6, 3, 3),
        conv(2, 1, 5, 6, 3, 3),
        conv(1, 2, 6, 5, 3, 3),
        conv(2, 2, 5, 6, 3, 3),
        conv(1, 4, 5, 5, 3, 3),
        conv(1, 5, 5, 5, 3, 3),
        conv(1, 9, 5, 4, 3, 3),
        conv(2, 9, 5, 4, 3, 3),
        conv(1, 3, 5, 5, 1, 3),
        conv(2, 2, 5, 5, 3, 1),
        conv(1, 1, 3, 4, 1, 1),
        conv(2, 1, 3, 4, 1, 1),
        conv(2, 1, 9, 8, 7, 7),
        conv(2, 1, 2, 2, 7, 7),
        same(2, 1, 6, 6, 3),
        same(2, 2, 6, 5, 3),
        same(2, 1, 8, 7, 7));
  }

  private static OperationCase same(int stride, int rate, int height, int width, int kernel) {
    return new OperationCase(
        new ForwardOp.Conv2D(stride, rate, Padding.SAME),
        "of %d x %d with %d x %d".formatted(height, width, kernel, kernel),
        (sketch, op) ->
            sketch.apply(
                op,
                sketch.map(2, height, width, 2),
                sketch.parameter(Role.WEIGHTS, kernel, kernel, 2, 3)));
  }

  private static OperationCase conv(
      int stride, int rate, int height, int width, int kernelHeight, int kernelWidth) {
    return new OperationCase(
        new ForwardOp.Conv2D(stride, rate),
        "of %d x %d with %d x %d".formatted(height, width, kernelHeight, kernelWidth),
        (sketch, op) ->
            sketch.apply(
                op,
                sketch.map(2, height, width, 2),
                sketch.parameter(Role.WEIGHTS, kernelHeight, kernelWidth, 2, 3)));
  }

  private static Stream<OperationCase> sharedWeights() {
    return Stream.of(
        new OperationCase(
            new ForwardOp.Conv2D(1, 2),
            "twice with the same weights",
            (sketch, op) -> {
              Value weights = sketch.parameter(Role.WEIGHTS, 3, 3, 2, 2);
              return sketch.apply(op, sketch.apply(op, sketch.map(2, 4, 4, 2), weights), weights);
            }),
        new OperationCase(
            new ForwardOp.Slice(0, 1, 2), "of the rows of weights", slicedWeights(3, 3, 2, 2)),
        new OperationCase(
            new ForwardOp.Slice(1, 1, 2), "of the columns of weights", slicedWeights(3, 3, 2, 2)),
        new OperationCase(
            new ForwardOp.Slice(2, 1, 3), "of the inputs of weights", slicedWeights(1, 1, 4, 2)),
        new OperationCase(
            new ForwardOp.Slice(3, 0, 2), "of the outputs of weights", slicedWeights(3, 3, 2, 3)));
  }

  private static BiFunction<Sketch, ForwardOp, Value> slicedWeights(Integer... shape) {
    return (sketch, op) -> {
      Value weights = sketch.apply(op, sketch.parameter(Role.WEIGHTS, shape));
      return sketch.apply(new ForwardOp.Conv2D(1, 2), sketch.map(2, 4, 5, 2), weights);
    };
  }

  private static Stream<OperationCase> norms() {
    return Stream.of(
        trained(new ForwardOp.BatchNormTraining(1e-5), 2, 3, 4),
        trained(new ForwardOp.BatchNormTraining(0.5), 2, 3, 4),
        trained(new ForwardOp.BatchNormTraining(1e-5), 3, 1, 1),
        trained(new ForwardOp.SynchronizedBatchNorm(0.5), 2, 3, 4),
        trained(new ForwardOp.SynchronizedBatchNorm(1e-5), 3, 1, 1),
        new OperationCase(
            new ForwardOp.BatchNorm(1e-3),
            "with moving averages",
            (sketch, op) ->
                sketch.apply(
                    op,
                    sketch.map(2, 3, 3, 2),
                    sketch.parameter(Role.GAMMA, 2),
                    sketch.parameter(Role.BETA, 2),
                    sketch.parameter(Role.MOVING_MEAN, 2),
                    sketch.parameter(Role.MOVING_VARIANCE, 2))));
  }

  private static OperationCase trained(ForwardOp norm, int batch, int height, int width) {
    return new OperationCase(
        norm,
        "of %d x %d x %d".formatted(batch, height, width),
        (sketch, op) ->
            sketch.apply(
                op,
                sketch.map(batch, height, width, 2),
                sketch.parameter(Role.GAMMA, 2),
                sketch.parameter(Role.BETA, 2)));
  }

  private static Stream<OperationCase> pools() {
    return Stream.of(
        ofMap(new ForwardOp.Relu(), 2, 3, 4, 2),
        ofMap(new ForwardOp.MaxPool(3, 2), 2, 5, 5, 2),
        ofMap(new ForwardOp.MaxPool(3, 2), 2, 6, 6, 2),
        ofMap(new ForwardOp.MaxPool(3, 2), 1, 5, 6, 2),
        ofMap(new ForwardOp.MaxPool(3, 1), 2, 4, 3, 2),
        ofMap(new ForwardOp.MaxPool(5, 2), 1, 7, 6, 1),
        ofMap(new ForwardOp.MaxPool(1, 2), 1, 5, 4, 2),
        ofMap(new ForwardOp.MaxPool(3, 2, Padding.SAME), 1, 6, 5, 2),
        ofMap(new ForwardOp.Dropout(0.4), 2, 3, 4, 2),
        ofMap(new ForwardOp.Subsample(1), 2, 3, 4, 2),
        ofMap(new ForwardOp.Subsample(2), 2, 5, 4, 2),
        ofMap(new ForwardOp.Subsample(3), 1, 6, 7, 2),
        ofMap(new ForwardOp.GlobalAveragePool(), 4, 3, 2, 2));
  }

  private static OperationCase ofMap(ForwardOp op, Integer... shape) {
    return new OperationCase(
        op, "of " + List.of(shape), (sketch, it) -> sketch.apply(it, sketch.map(shape)));
  }

  private static Stream<OperationCase> slices() {
    return Stream.of(
        ofMap(new ForwardOp.Slice(0, 1, 3), 4, 2, 2, 2),
        ofMap(new ForwardOp.Slice(1, 0, 2), 2, 3, 2, 2),
        ofMap(new ForwardOp.Slice(2, 1, 2), 2, 3, 3, 2),
        ofMap(new ForwardOp.Slice(3, 2, 5), 2, 2, 2, 5));
  }

  private static Stream<OperationCase> interpolations() {
    return Stream.of(true, false)
        .flatMap(
            alignCorners ->
                Stream.of(
                    interpolate(alignCorners, 3, 4, 7, 6),
                    interpolate(alignCorners, 7, 6, 3, 4),
                    interpolate(alignCorners, 2, 5, 5, 2),
                    interpolate(alignCorners, 1, 1, 3, 4),
                    interpolate(alignCorners, 4, 3, 1, 1),
                    interpolate(alignCorners, 3, 3, 3, 3)));
  }

  private static OperationCase interpolate(
      boolean alignCorners, int height, int width, int toHeight, int toWidth) {
    return new OperationCase(
        new ForwardOp.Interpolate(alignCorners),
        "of %d x %d to %d x %d".formatted(height, width, toHeight, toWidth),
        (sketch, op) -> {
          Value like = sketch.map(4, toHeight, toWidth, 1);
          Value wide = sketch.apply(op, sketch.map(4, height, width, 2), like);
          return sketch.apply(new ForwardOp.Concat(), wide, like);
        });
  }

  private static Stream<OperationCase> joins() {
    return Stream.of(
        new OperationCase(
            new ForwardOp.Widen(),
            "of a map, beside the map",
            (sketch, op) -> {
              Value map = sketch.narrowMap(2, 2, 3, 2);
              Value wide = sketch.apply(op, sketch.apply(new ForwardOp.Relu(), map));
              return sketch.apply(new ForwardOp.Add(), wide, sketch.apply(op, map));
            }),
        new OperationCase(
            new ForwardOp.Add(),
            "of two maps",
            (sketch, op) -> sketch.apply(op, sketch.map(2, 2, 3, 2), sketch.map(2, 2, 3, 2))),
        new OperationCase(
            new ForwardOp.Add(),
            "of a map to itself",
            (sketch, op) -> {
              Value map = sketch.map(2, 2, 3, 2);
              return sketch.apply(op, map, map);
            }),
        new OperationCase(
            new ForwardOp.Concat(),
            "of three maps",
            (sketch, op) ->
                sketch.apply(
                    op, sketch.map(2, 2, 3, 1), sketch.map(2, 2, 3, 3), sketch.map(2, 2, 3, 2))),
        new OperationCase(
            new ForwardOp.Concat(),
            "of a map twice and what is made of it",
            (sketch, op) -> {
              Value map = sketch.map(2, 2, 3, 2);
              return sketch.apply(op, map, sketch.apply(new ForwardOp.Relu(), map), map);
            }),
        new OperationCase(
            new ForwardOp.AddBias(),
            "of a vector",
            (sketch, op) ->
                sketch.apply(op, sketch.map(2, 2, 3, 2), sketch.parameter(Role.BIAS, 2))),
        new OperationCase(
            new ForwardOp.AddPerImage(),
            "of vectors",
            (sketch, op) -> sketch.apply(op, sketch.map(3, 2, 3, 2), sketch.map(3, 1, 1, 2))),
        new OperationCase(
            new ForwardOp.Broadcast(),
            "over the map that is averaged",
            (sketch, op) -> {
              Value map = sketch.map(3, 2, 3, 2);
              Value mean = sketch.apply(new ForwardOp.GlobalAveragePool(), map);
              return sketch.apply(
                  new ForwardOp.Concat(),
                  map,
                  sketch.apply(op, sketch.map(3, 1, 1, 2), map),
                  sketch.apply(op, mean, map));
            }));
  }

  private static Stream<OperationCase> losses() {
    return Stream.of(
        new OperationCase(
            new ForwardOp.SoftmaxCrossEntropy(),
            "with ignored pixels",
            (sketch, op) -> {
              Value map = sketch.map(1, 2, 2, Sketch.CLASSES);
              Tensor labels = Tensor.of(List.of(1, 2, 2), 2.0, 255, 0, 255);
              return sketch.apply(op, map, sketch.labels(TensorType.u8(1, 2, 2), labels));
            }),
        new OperationCase(
            new ForwardOp.SoftmaxCrossEntropy(),
            "of two heads, added",
            (sketch, op) -> {
              Value map = sketch.map(2, 3, 3, 2);
              Value one = sketch.apply(op, sketch.logits(map), sketch.labels(map));
              Value two = sketch.apply(op, sketch.logits(map), sketch.labels(map));
              return sketch.apply(new ForwardOp.Add(), one, two);
            }),
        new OperationCase(
            new ForwardOp.SoftmaxCrossEntropy(List.of(0.5, 0.0, 3.0)),
            "with class weights",
            (sketch, op) -> {
              Value map = sketch.map(2, 3, 3, Sketch.CLASSES);
              return sketch.apply(op, map, sketch.labels(map));
            }),
        focal(2, List.of()),
        focal(0.5, List.of(0.5, 1.0, 3.0)),
        focal(1, List.of()),
        new OperationCase(
            new ForwardOp.DiceLoss(),
            "with ignored pixels",
            (sketch, op) -> {
              Value map = sketch.map(2, 3, 3, Sketch.CLASSES);
              return sketch.apply(op, map, sketch.labels(map));
            }),
        new OperationCase(
            new ForwardOp.DiceLoss(),
            "without a class",
            (sketch, op) -> {
              Value map = sketch.map(1, 2, 2, Sketch.CLASSES);
              Tensor labels = Tensor.of(List.of(1, 2, 2), 2.0, 255, 0, 2);
              return sketch.apply(op, map, sketch.labels(TensorType.u8(1, 2, 2), labels));
            }),
        new OperationCase(
            new ForwardOp.WeightedSum(List.of(1.0, 0.4, 3.0)),
            "of the losses of two heads",
            (sketch, op) -> {
              ForwardOp entropy = new ForwardOp.SoftmaxCrossEntropy();
              Value map = sketch.map(2, 3, 3, 2);
              Value labels = sketch.labels(map);
              Value logits = sketch.logits(map);
              Value one = sketch.apply(entropy, logits, labels);
              Value two = sketch.apply(entropy, sketch.logits(map), labels);
              Value three = sketch.apply(new ForwardOp.DiceLoss(), logits, labels);
              return sketch.apply(op, one, two, three);
            }),
        new OperationCase(
            new ForwardOp.WeightedSum(List.of(0.25)),
            "of one loss",
            (sketch, op) -> {
              Value map = sketch.map(1, 2, 2, Sketch.CLASSES);
              Value loss = sketch.apply(new ForwardOp.DiceLoss(), map, sketch.labels(map));
              return sketch.apply(op, loss);
            }),
        new OperationCase(
            new ForwardOp.SoftmaxCrossEntropy(),
            "counted twice",
            (sketch, op) -> {
              Value map = sketch.map(2, 3, 3, 2);
              Value entropy = sketch.apply(op, sketch.logits(map), sketch.labels(map));
              return sketch.apply(new ForwardOp.Add(), entropy, entropy);
            }));
  }

  private static OperationCase focal(double gamma, List<Double> classWeights) {
    return new OperationCase(
        new ForwardOp.FocalLoss(gamma, classWeights),
        "of gamma " + gamma,
        (sketch, op) -> {
          Value map = sketch.map(2, 3, 3, Sketch.CLASSES);
          return sketch.apply(op, map, sketch.labels(map));
        });
  }
}
