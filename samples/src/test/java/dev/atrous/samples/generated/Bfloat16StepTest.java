package dev.atrous.samples.generated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.atrous.processor.interpreter.Evaluation;
import dev.atrous.processor.interpreter.Interpreter;
import dev.atrous.processor.interpreter.MapNumbers;
import dev.atrous.processor.interpreter.Tensor;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.UpdateOp;
import dev.atrous.processor.network.NetworkStage;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.Precision;
import dev.atrous.runtime.train.Trainer;
import dev.atrous.runtime.train.TrainingOptions;
import dev.atrous.runtime.train.XlaMode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A generated training step in bfloat16 against the reference. How much rounding changes depends on
 * the network: from random values, its normalisations and ReLUs may make anything of it. So what is
 * compared is the error: that of the step is no more than that of the reference whose maps are
 * rounded where the types of the graph say so.
 */
@Tag("slow")
class Bfloat16StepTest {
  /** Rounding in another order makes another error of the same size. */
  private static final double OF_THE_SAME_SIZE = 1.5;

  /** Of single parameters, some with few elements. */
  private static final double OF_THE_SAME_ORDER = 3;

  private static final double LOSS_TOLERANCE = 0.02;

  private final Path folder;

  Bfloat16StepTest(@TempDir Path folder) {
    this.folder = folder;
  }

  static Stream<Arguments> models() {
    return Stream.of(
        arguments(CascadeAndPyramid.class, new CascadeAndPyramidModel(), 4, 33),
        arguments(Bottlenecks.class, new BottlenecksModel(), 3, 49),
        arguments(LongCascade.class, new LongCascadeModel(), 3, 129),
        arguments(StridedGrid.class, new StridedGridModel(), 3, 129),
        arguments(FrozenScores.class, new FrozenScoresModel(), 3, 33),
        arguments(ManyChannels.class, new ManyChannelsModel(), 3, 97),
        arguments(HalfPixels.class, new HalfPixelsModel(), 3, 40),
        arguments(ManyLosses.class, new ManyLossesModel(), 2, 33));
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("models")
  void isAsExactAsItsNumbers(Class<?> spec, CompiledModel model, int batch, int crop) {
    Reference reference = Reference.of(spec).withBatch(batch).withCrop(crop);
    Graph graph = reference.training();
    Example example = Example.of(reference.forward(), model.description().classes());
    Map<String, Tensor> before = example.parameters();
    Evaluation exact = Interpreter.run(graph, example.feeds(), before);
    Evaluation rounded = Interpreter.run(graph, example.feeds(), before, MapNumbers.BFLOAT16);
    Map<String, Tensor> gradients = momenta(graph, exact, before);
    Map<String, Tensor> roundedGradients = momenta(graph, rounded, before);
    assertThat(error(roundedGradients, gradients)).isPositive();
    for (XlaMode xla : new XlaMode[] {XlaMode.OFF, XlaMode.ON}) {
      Path run = folder.resolve("run-" + xla);
      TrainingOptions options =
          TrainingOptions.of(model.description())
              .batchSize(batch)
              .crop(crop)
              .steps(1)
              .device(Device.CPU)
              .precision(Precision.BFLOAT16)
              .xla(xla)
              .weights(Weights.write(model, before, folder))
              .output(run)
              .build();
      try (Trainer trainer = new Trainer(model, options)) {
        double loss = trainer.fit(new Batches(example.batch())).loss();
        double expected = exact.result(NetworkStage.LOSS).at(0);
        assertThat(loss / expected).isBetween(1 - LOSS_TOLERANCE, 1 + LOSS_TOLERANCE);
      }
      Map<String, Tensor> actual = Weights.read(Checkpoint.open(run).prefix());
      requireErrorsOfTheSameSize(actual, roundedGradients, gradients);
    }
  }

  /** What becomes of zero momenta, by their names in checkpoints. */
  private static Map<String, Tensor> momenta(
      Graph graph, Evaluation step, Map<String, Tensor> parameters) {
    Map<String, Tensor> momenta = new LinkedHashMap<>();
    for (Node node : graph.nodesOf(UpdateOp.Momentum.class).toList()) {
      String name = ((SourceOp.Parameter) node.input(0).node().op()).spec().name();
      double decay = ((UpdateOp.Momentum) node.op()).weightDecay();
      Tensor parameter = Objects.requireNonNull(parameters.get(name));
      Tensor gradient = step.value(node.input(1));
      momenta.put(name + "/Momentum", gradient.zip(parameter, (g, w) -> g + decay * w));
    }
    return momenta;
  }

  private static void requireErrorsOfTheSameSize(
      Map<String, Tensor> actual, Map<String, Tensor> rounded, Map<String, Tensor> exact) {
    assertThat(actual).containsKeys(exact.keySet().toArray(String[]::new));
    double inherent = error(rounded, exact);
    assertThat(error(actual, exact)).isBetween(0.0, OF_THE_SAME_SIZE * inherent);
    exact.forEach(
        (name, gradient) -> {
          double scale = Math.sqrt(squares(gradient));
          double expected = Math.sqrt(squaredDifference(rounded, name, gradient)) / scale;
          double found = Math.sqrt(squaredDifference(actual, name, gradient)) / scale;
          assertThat(found)
              .as(name)
              .isLessThan(OF_THE_SAME_ORDER * Math.max(expected, inherent / 10));
        });
  }

  /** Of all gradients together, relative. */
  private static double error(Map<String, Tensor> actual, Map<String, Tensor> exact) {
    double difference = 0;
    double all = 0;
    for (Map.Entry<String, Tensor> gradient : exact.entrySet()) {
      difference += squaredDifference(actual, gradient.getKey(), gradient.getValue());
      all += squares(gradient.getValue());
    }
    return Math.sqrt(difference / all);
  }

  private static double squaredDifference(Map<String, Tensor> actual, String name, Tensor exact) {
    return squares(Objects.requireNonNull(actual.get(name), name).zip(exact, (a, b) -> a - b));
  }

  private static double squares(Tensor tensor) {
    double sum = 0;
    for (double value : tensor.values()) {
      sum += value * value;
    }
    return sum;
  }
}
