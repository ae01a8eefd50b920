package dev.atrous.runtime.op;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TNumber;

/** What there is to compute of each operation that generated code is written in. */
final class OperationCases {
  private static final Shape MAP = Shape.of(2, 9, 7, 4);
  private static final Shape WEIGHTS = Shape.of(3, 3, 4, 6);

  private static final Map<String, Case> CASES = new TreeMap<>();

  private OperationCases() {}

  /** What an operation gives, or what it makes of variables. */
  interface Case
      extends Function<OperationStep<TFloating>, List<? extends Operand<? extends TFloating>>> {}

  /** The cases by operation, for example {@code NetworkOps.relu}. */
  static Map<String, Case> all() {
    return Collections.unmodifiableMap(CASES);
  }

  private static void add(String operation, Case definition) {
    CASES.put(operation, definition);
  }

  static {
    forward();
    backward();
    updates();
  }

  private static void forward() {
    add("NetworkOps.scalar", s -> List.of(s.nn.scalar(0.25f)));
    add(
        "NetworkOps.normalize",
        s -> {
          Operand<? extends TNumber> images = s.bytes(Shape.of(2, 5, 4, 3), 200);
          return List.of(
              s.nn.normalize(images, new float[] {124, 116, 104}, new float[] {58, 57, 57}));
        });
    add(
        "NetworkOps.normalizeBands",
        s -> List.of(s.nn.normalizeBands(s.shorts(Shape.of(2, 5, 4, 3)), "bands")));
    add("NetworkOps.widen", s -> List.of(s.nn.widen(s.map(MAP))));
    add(
        "NetworkOps.conv2d",
        s ->
            List.of(
                s.nn.conv2d(s.map(MAP), s.x(WEIGHTS), 1, 1),
                s.nn.conv2d(s.map(MAP), s.x(WEIGHTS), 1, 3),
                s.nn.conv2d(s.map(2, 8, 6, 4), s.x(WEIGHTS), 2, 1),
                s.nn.conv2d(s.map(2, 8, 6, 4), s.x(WEIGHTS), 2, 2),
                s.nn.conv2d(s.map(2, 8, 6, 4), s.x(WEIGHTS), 2, 1, PaddingMode.SAME)));
    add("NetworkOps.batchNorm", s -> List.of(s.nn.batchNorm(s.map(MAP), "bn", 1e-3f)));
    add(
        "NetworkOps.batchNormTraining",
        s -> {
          BatchNorm<TFloating> norm = s.nn.batchNormTraining(s.map(MAP), "bn", 1e-3f);
          return List.of(norm.y(), norm.mean(), norm.variance());
        });
    add(
        "NetworkOps.synchronizedBatchNorm",
        s -> {
          BatchNorm<TFloating> norm = s.nn.synchronizedBatchNorm(s.map(MAP), "bn", 1e-3f);
          return Stream.concat(
                  Stream.of(norm.y(), norm.mean(), norm.variance()),
                  all(s.grad.batchNorm(s.map(MAP), norm)).stream())
              .toList();
        });
    add("NetworkOps.relu", s -> List.of(s.nn.relu(s.map(MAP))));
    add("NetworkOps.add", s -> List.of(s.nn.add(s.map(MAP), s.map(MAP))));
    add(
        "NetworkOps.maxPool",
        s ->
            List.of(
                s.nn.maxPool(s.map(MAP), 3, 2),
                s.nn.maxPool(s.map(2, 8, 6, 4), 3, 2),
                s.nn.maxPool(s.map(2, 8, 6, 4), 3, 2, PaddingMode.SAME)));
    add("NetworkOps.subsample", s -> List.of(s.nn.subsample(s.map(MAP), 2)));
    add("NetworkOps.globalAveragePool", s -> List.of(s.nn.globalAveragePool(s.map(MAP))));
    add("NetworkOps.broadcast", s -> List.of(s.nn.broadcast(s.x(2, 1, 1, 3), s.map(MAP))));
    add("NetworkOps.concat", s -> List.of(s.nn.concat(List.of(s.map(MAP), s.map(2, 9, 7, 2)))));
    add("NetworkOps.addBias", s -> List.of(s.nn.addBias(s.map(MAP), s.x(4))));
    add("NetworkOps.addPerImage", s -> List.of(s.nn.addPerImage(s.map(MAP), s.x(2, 1, 1, 4))));
    add("NetworkOps.slice", s -> List.of(s.nn.slice(s.x(WEIGHTS), 2, 1, 3)));
    add(
        "NetworkOps.interpolate",
        s ->
            List.of(
                s.nn.interpolate(s.x(MAP), s.bytes(Shape.of(2, 33, 21), 5), true),
                s.nn.interpolate(s.x(MAP), s.bytes(Shape.of(2, 33, 21), 5), false)));
    add(
        "NetworkOps.dropout",
        s -> {
          NetworkOps.Dropout<TFloating> some = s.nn.dropout(s.map(MAP), 0.5f, "dropout");
          NetworkOps.Dropout<TFloating> few =
              s.nn.in("other").dropout(s.map(2, 65, 65, 8), 0.1f, "dropout");
          return List.of(some.y(), some.factors(), few.y());
        });
    add(
        "NetworkOps.weightedSum",
        s -> List.of(s.nn.weightedSum(List.of(s.x(), s.x(), s.x()), 1f, 0.5f, 2f)));
    add(
        "NetworkOps.softmaxCrossEntropy",
        s -> {
          LossWithGradient plain =
              s.nn.softmaxCrossEntropy(s.x(MAP), s.bytes(Shape.of(2, 9, 7), 4));
          LossWithGradient weighted =
              s.nn.softmaxCrossEntropy(s.x(MAP), s.bytes(Shape.of(2, 9, 7), 4), 0.5f, 2f, 0f, 1f);
          return List.of(
              plain.value(), plain.logitsGradient(), weighted.value(), weighted.logitsGradient());
        });
    add(
        "NetworkOps.crossEntropySum",
        s -> List.of(s.nn.crossEntropySum(s.x(MAP), s.bytes(Shape.of(2, 9, 7), 4))));
    add(
        "NetworkOps.focalLoss",
        s -> {
          LossWithGradient plain = s.nn.focalLoss(s.x(MAP), s.bytes(Shape.of(2, 9, 7), 4), 2f);
          LossWithGradient weighted =
              s.nn.focalLoss(s.x(MAP), s.bytes(Shape.of(2, 9, 7), 4), 0.5f, 0.5f, 2f, 0f, 1f);
          return List.of(
              plain.value(), plain.logitsGradient(), weighted.value(), weighted.logitsGradient());
        });
    add(
        "NetworkOps.diceLoss",
        s -> {
          LossWithGradient dice = s.nn.diceLoss(s.x(MAP), s.bytes(Shape.of(2, 9, 7), 3));
          return List.of(dice.value(), dice.logitsGradient());
        });
  }

  private static void backward() {
    Shape dy = Shape.of(2, 9, 7, 6);
    Shape even = Shape.of(2, 8, 6, 4);
    Shape half = Shape.of(2, 4, 3, 6);
    add(
        "GradientOps.conv2dInput",
        s ->
            List.of(
                s.grad.conv2dInput(s.x(WEIGHTS), s.map(dy), s.map(MAP), 1, 1),
                s.grad.conv2dInput(s.x(WEIGHTS), s.map(dy), s.map(MAP), 1, 3),
                s.grad.conv2dInput(s.x(WEIGHTS), s.map(half), s.map(even), 2, 1),
                s.grad.conv2dInput(s.x(WEIGHTS), s.map(half), s.map(even), 2, 2),
                s.grad.conv2dInput(
                    s.x(WEIGHTS), s.map(half), s.map(even), 2, 1, PaddingMode.SAME)));
    add(
        "GradientOps.conv2dFilter",
        s ->
            List.of(
                s.grad.conv2dFilter(s.map(MAP), s.map(dy), s.x(WEIGHTS), 1, 1),
                s.grad.conv2dFilter(s.map(MAP), s.map(dy), s.x(WEIGHTS), 1, 3),
                s.grad.conv2dFilter(s.map(even), s.map(half), s.x(WEIGHTS), 2, 1),
                s.grad.conv2dFilter(s.map(even), s.map(half), s.x(WEIGHTS), 2, 2),
                s.grad.conv2dFilter(
                    s.map(even), s.map(half), s.x(WEIGHTS), 2, 1, PaddingMode.SAME)));
    add(
        "GradientOps.conv2dFilterByTaps",
        s ->
            List.of(
                s.grad.conv2dFilterByTaps(s.map(MAP), s.map(dy), s.x(WEIGHTS), 3),
                s.grad.conv2dFilterByTaps(s.map(MAP), s.map(dy), s.x(WEIGHTS), 8)));
    add(
        "GradientOps.batchNorm",
        s -> all(s.grad.batchNorm(s.map(MAP), s.nn.batchNormTraining(s.map(MAP), "bn", 1e-3f))));
    add(
        "GradientOps.frozenBatchNorm",
        s ->
            all(
                s.grad.frozenBatchNorm(
                    s.map(MAP), s.map(MAP), s.x(4), s.x(4), s.positive(4), 1e-3f)));
    add("GradientOps.narrow", s -> List.of(s.grad.narrow(s.x(MAP), s.map(MAP))));
    add("GradientOps.relu", s -> List.of(s.grad.relu(s.map(MAP), s.map(MAP))));
    add(
        "GradientOps.maxPool",
        s -> {
          Operand<TFloating> x = s.map(MAP);
          Operand<TFloating> y = s.nn.maxPool(x, 3, 2);
          Operand<TFloating> x2 = s.map(even);
          Operand<TFloating> y2 = s.nn.maxPool(x2, 3, 2);
          return List.of(
              s.grad.maxPool(x, y, s.map(2, 5, 4, 4), 3, 2),
              s.grad.maxPool(x2, y2, s.map(2, 4, 3, 4), 3, 2));
        });
    add("GradientOps.subsample", s -> List.of(s.grad.subsample(s.map(2, 5, 4, 4), s.map(MAP), 2)));
    add(
        "GradientOps.globalAveragePool",
        s -> List.of(s.grad.globalAveragePool(s.x(2, 1, 1, 4), s.map(MAP))));
    add("GradientOps.sumPerImage", s -> List.of(s.grad.sumPerImage(s.map(MAP))));
    add("GradientOps.add", s -> List.of(s.grad.add(s.map(MAP), s.map(MAP))));
    add("GradientOps.bias", s -> List.of(s.grad.bias(s.map(MAP))));
    add("GradientOps.slice", s -> List.of(s.grad.slice(s.x(3, 3, 2, 6), s.x(WEIGHTS), 2, 1, 3)));
    add(
        "GradientOps.interpolate",
        s ->
            List.of(
                s.grad.interpolate(s.x(2, 33, 21, 4), s.x(MAP), true),
                s.grad.interpolate(s.x(2, 33, 21, 4), s.x(MAP), false)));
    add("GradientOps.multiply", s -> List.of(s.grad.multiply(s.map(MAP), s.x(MAP))));
  }

  private static List<Operand<? extends TFloating>> all(BatchNorm.Gradient<TFloating> gradient) {
    return List.of(gradient.x(), gradient.gamma(), gradient.beta());
  }

  private static void updates() {
    add(
        "UpdateOps.clipFactor",
        s ->
            List.of(
                s.update.clipFactor(List.of(s.x(WEIGHTS), s.x(4)), 0.25f),
                s.update.clipFactor(List.of(s.x(4)), 1e6f)));
    add(
        "UpdateOps.clip",
        s -> {
          Operand<TFloat32> gradient = s.x(WEIGHTS);
          Operand<TFloat32> factor = s.update.clipFactor(List.of(gradient), 0.25f);
          return List.of(s.update.clip(gradient, factor));
        });
    add(
        "UpdateOps.adamW",
        s -> {
          s.update.adamW("conv/weights", s.x(WEIGHTS), 0.9f, 0.999f, 1e-8f, 0.01f);
          s.update.atRate(0.5f).adamW("bn/gamma", s.x(4), 0.5f, 0.75f, 1e-3f, 0);
          return s.updated();
        });
    add(
        "UpdateOps.momentum",
        s -> {
          s.update.momentum("conv/weights", s.x(WEIGHTS), 0.9f, 1e-2f);
          s.update.atRate(0.5f).momentum("bn/gamma", s.x(4), 0.9f, 0);
          s.update.momentum("bn/beta", s.x(4), 0, 1e-2f);
          return s.updated();
        });
    add(
        "UpdateOps.movingAverages",
        s -> {
          s.update.movingAverages("bn", s.nn.batchNormTraining(s.map(MAP), "bn", 1e-3f), 0.75f);
          return s.updated();
        });
  }
}
