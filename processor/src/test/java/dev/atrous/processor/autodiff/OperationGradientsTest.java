package dev.atrous.processor.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.processor.interpreter.Gradients;
import dev.atrous.processor.interpreter.Tensor;
import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.GradientOp;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.Op;
import dev.atrous.processor.ir.ParameterSpec;
import dev.atrous.processor.ir.TensorType;
import dev.atrous.processor.ir.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The derivative of every operation by every element of its inputs, against differences. */
final class OperationGradientsTest {
  private static final double STEP = 1e-4;
  private static final double TOLERANCE = 1e-9;
  private static final long SEED = 5;

  static Stream<OperationCase> cases() {
    return OperationCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreeWithDifferences(OperationCase operation) {
    Sketch sketch = new Sketch(SEED);
    Graph forward = sketch.build(operation.build().apply(sketch, operation.op()));
    assertThat(forward.nodes()).extracting(Node::op).contains(operation.op());
    Gradients.Numeric numeric =
        new Gradients.Numeric(forward, Sketch.LOSS, sketch.feeds(), sketch.parameters());

    Map<String, Tensor> gradients = gradients(forward, sketch);

    assertThat(gradients).containsOnlyKeys(trainable(forward));
    gradients.forEach(
        (parameter, gradient) -> {
          double largest = gradient.largest();
          assertThat(largest).as(parameter).isGreaterThan(1e-4);
          for (int i = 0; i < gradient.length(); i++) {
            assertThat(gradient.at(i) / largest)
                .as("%s[%d]", parameter, i)
                .isCloseTo(numeric.preciselyBy(parameter, i, STEP) / largest, within(TOLERANCE));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("losses")
  void areZeroWhereAllPixelsAreIgnored(ForwardOp loss) {
    Sketch sketch = new Sketch(SEED);
    TensorType type = TensorType.u8(1, 2, 2);
    Value map = sketch.map(1, 2, 2, Sketch.CLASSES);
    Value labels = sketch.labels(type, Tensor.filled(type.shape(), 255));
    Graph forward = sketch.build(sketch.apply(loss, map, labels));
    assertThat(gradients(forward, sketch).values())
        .singleElement()
        .satisfies(gradient -> assertThat(gradient.largest()).isZero());
  }

  static Stream<ForwardOp> losses() {
    return Stream.of(
        new ForwardOp.SoftmaxCrossEntropy(),
        new ForwardOp.SoftmaxCrossEntropy(List.of(1.0, 2.0, 3.0)),
        new ForwardOp.FocalLoss(2, List.of()),
        new ForwardOp.FocalLoss(2, List.of(1.0, 2.0, 3.0)),
        new ForwardOp.DiceLoss());
  }

  /** Normalisation takes integers, which have no derivative. */
  @Test
  void everyForwardOperationHasACase() {
    Set<Class<?>> covered =
        new HashSet<>(Set.of(ForwardOp.Normalize.class, ForwardOp.NormalizeBands.class));
    cases().forEach(operation -> covered.add(operation.op().getClass()));
    assertThat(covered).containsExactlyInAnyOrder(ForwardOp.class.getPermittedSubclasses());
  }

  @Test
  void everyGradientOperationIsMetByACase() {
    Set<Class<? extends Op>> met = new HashSet<>();
    cases()
        .forEach(
            operation -> {
              Sketch sketch = new Sketch(SEED);
              Graph forward = sketch.build(operation.build().apply(sketch, operation.op()));
              differentiate(forward)
                  .nodesOf(GradientOp.class)
                  .forEach(node -> met.add(node.op().getClass()));
            });
    assertThat(met).containsExactlyInAnyOrderElementsOf(gradientOperations());
  }

  private static List<Class<? extends Op>> gradientOperations() {
    return Stream.of(GradientOp.class.getPermittedSubclasses())
        .<Class<? extends Op>>map(kind -> kind.asSubclass(Op.class))
        .filter(kind -> kind != GradientOp.ClipFactor.class) // of all gradients, for the updates
        .toList();
  }

  private static String[] trainable(Graph forward) {
    return forward.parameters().stream()
        .filter(parameter -> parameter.trainable())
        .map(ParameterSpec::name)
        .toArray(String[]::new);
  }

  private static Map<String, Tensor> gradients(Graph forward, Sketch sketch) {
    return Gradients.applied(differentiate(forward), sketch.feeds(), sketch.parameters());
  }

  private static Graph differentiate(Graph forward) {
    return Autodiff.differentiate(forward, Sketch.LOSS, new Optimizer(0.9, 0.1, false)).graph();
  }
}
