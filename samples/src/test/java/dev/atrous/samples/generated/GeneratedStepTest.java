package dev.atrous.samples.generated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.atrous.processor.interpreter.Interpreter;
import dev.atrous.processor.interpreter.State;
import dev.atrous.processor.interpreter.Step;
import dev.atrous.processor.interpreter.Tensor;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.UpdateOp;
import dev.atrous.processor.network.NetworkStage;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.train.Trainer;
import dev.atrous.runtime.train.TrainingOptions;
import dev.atrous.runtime.train.XlaMode;
import dev.atrous.samples.Worst;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A generated training step against the reference: loss, and every gradient, momentum, parameter
 * and moving average. At the spec's crop and batch size, and at others that the same generated step
 * serves.
 */
@Tag("slow")
class GeneratedStepTest {
  private static final double LEARNING_RATE = 0.05;

  /**
   * Relative to the largest entry of the gradient, or of the change of the variable. Rounding grows
   * with every layer, most of all in batch normalisation.
   */
  private static final double TOLERANCE = 1e-4;

  private static final double TOLERANCE_OF_MANY_LAYERS = 1e-3;

  /** Half of the distance of neighbouring float32 numbers, relative. */
  private static final double ROUNDING = 6e-8;

  private static final String MOMENTUM = "/Momentum";

  private final Path folder;

  GeneratedStepTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @CsvSource({"4, 33", "6, 32", "5, 25"})
  void cascadeAndPyramid(int batch, int crop) {
    compare(CascadeAndPyramid.class, new CascadeAndPyramidModel(), batch, crop, TOLERANCE);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @CsvSource({"3, 49", "4, 41"})
  void bottlenecks(int batch, int crop) {
    compare(Bottlenecks.class, new BottlenecksModel(), batch, crop, TOLERANCE_OF_MANY_LAYERS);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @CsvSource({"4, 129", "6, 96", "3, 161"})
  void longCascade(int batch, int crop) {
    compare(LongCascade.class, new LongCascadeModel(), batch, crop, TOLERANCE);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @CsvSource({"3, 129", "4, 96"})
  void stridedGrid(int batch, int crop) {
    compare(StridedGrid.class, new StridedGridModel(), batch, crop, TOLERANCE);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @CsvSource({"2, 33", "1, 32"})
  void frozenScores(int batch, int crop) {
    compare(FrozenScores.class, new FrozenScoresModel(), batch, crop, TOLERANCE);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @CsvSource({"3, 33", "4, 25"})
  void tunedParts(int batch, int crop) {
    compare(TunedParts.class, new TunedPartsModel(), batch, crop, TOLERANCE);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @CsvSource({"1, 185", "3, 97"})
  void manyChannels(int batch, int crop) {
    compare(ManyChannels.class, new ManyChannelsModel(), batch, crop, TOLERANCE);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @CsvSource({"3, 40", "4, 33"})
  void halfPixels(int batch, int crop) {
    compare(HalfPixels.class, new HalfPixelsModel(), batch, crop, TOLERANCE_OF_MANY_LAYERS);
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @CsvSource({"2, 33", "3, 25"})
  void manyLosses(int batch, int crop) {
    compare(ManyLosses.class, new ManyLossesModel(), batch, crop, TOLERANCE);
  }

  static Stream<Arguments> models() {
    return Stream.of(
        arguments(CascadeAndPyramid.class, new CascadeAndPyramidModel(), 4, 33, TOLERANCE),
        arguments(Bottlenecks.class, new BottlenecksModel(), 3, 49, TOLERANCE_OF_MANY_LAYERS),
        arguments(LongCascade.class, new LongCascadeModel(), 3, 129, TOLERANCE),
        arguments(StridedGrid.class, new StridedGridModel(), 3, 129, TOLERANCE),
        arguments(FrozenScores.class, new FrozenScoresModel(), 3, 33, TOLERANCE),
        arguments(TunedParts.class, new TunedPartsModel(), 3, 33, TOLERANCE),
        arguments(ManyChannels.class, new ManyChannelsModel(), 3, 97, TOLERANCE),
        arguments(HalfPixels.class, new HalfPixelsModel(), 3, 40, TOLERANCE_OF_MANY_LAYERS),
        arguments(ManyLosses.class, new ManyLossesModel(), 2, 33, TOLERANCE));
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("models")
  void compiledByXla(Class<?> spec, CompiledModel model, int batch, int crop, double tolerance) {
    compare(spec, model, batch, crop, tolerance, XlaMode.ON);
  }

  private void compare(Class<?> spec, CompiledModel model, int batch, int crop, double tolerance) {
    compare(spec, model, batch, crop, tolerance, XlaMode.OFF);
  }

  private void compare(
      Class<?> spec, CompiledModel model, int batch, int crop, double tolerance, XlaMode xla) {
    Reference reference = Reference.of(spec).withBatch(batch).withCrop(crop);
    Graph graph = reference.training();
    Example example = Example.of(reference.forward(), model.description().classes());
    Map<String, Tensor> before = example.parameters();
    TrainingOptions options =
        TrainingOptions.of(model.description())
            .batchSize(batch)
            .crop(crop)
            .steps(1)
            .learningRate(LEARNING_RATE)
            .device(Device.CPU)
            .xla(xla)
            .weights(Weights.write(model, before, folder))
            .output(folder.resolve("run"))
            .build();
    Step expected =
        Interpreter.step(graph, example.feeds(), State.of(before), (float) LEARNING_RATE);
    double loss;
    try (Trainer trainer = new Trainer(model, options)) {
      loss = trainer.fit(new Batches(example.batch())).loss();
    }
    double expectedLoss = expected.evaluation().result(NetworkStage.LOSS).at(0);
    assertThat(Example.margin(graph, expected.evaluation())).as("margin").isGreaterThan(1e-5);
    assertThat(loss / expectedLoss).as("loss").isBetween(1 - 1e-5, 1 + 1e-5);
    Map<String, Tensor> actual = Weights.read(Checkpoint.open(folder.resolve("run")).prefix());
    Map<String, Tensor> gradients = gradients(graph, expected);
    assertThat(actual).containsOnlyKeys(names(before, gradients));
    gradients(actual, expected.after(), gradients).check(tolerance);
    changes(actual, before, expected.after()).check(tolerance);
  }

  /** The reference's derivative of the loss by each trained parameter, without the weight decay. */
  private static Map<String, Tensor> gradients(Graph graph, Step step) {
    Map<String, Tensor> gradients = new LinkedHashMap<>();
    for (Node update : graph.nodesOf(UpdateOp.Momentum.class).toList()) {
      SourceOp.Parameter parameter = (SourceOp.Parameter) update.input(0).node().op();
      gradients.put(parameter.spec().name(), step.evaluation().value(update.input(1)));
    }
    return gradients;
  }

  private static List<String> names(Map<String, Tensor> parameters, Map<String, Tensor> trained) {
    List<String> names = new ArrayList<>(parameters.keySet());
    trained.keySet().forEach(name -> names.add(name + MOMENTUM));
    return names;
  }

  /** The first momentum is the gradient, with the weight decay. */
  private static Worst gradients(
      Map<String, Tensor> actual, State after, Map<String, Tensor> gradients) {
    Worst worst = new Worst("gradient");
    gradients.forEach(
        (name, gradient) -> {
          double error = error(actual, name + MOMENTUM, after.momentum(name));
          worst.add(name, error / gradient.largest());
        });
    return worst;
  }

  private static Worst changes(
      Map<String, Tensor> actual, Map<String, Tensor> before, State after) {
    Worst worst = new Worst("change");
    before.forEach(
        (name, old) -> {
          Tensor expected = after.parameter(name);
          double change = expected.distance(old);
          if (change == 0) { // of a frozen normalisation: not even a rounding
            assertThat(error(actual, name, expected)).as(name).isZero();
            return;
          }
          double rounding = ROUNDING * expected.largest();
          double error = Math.max(0, error(actual, name, expected) - rounding);
          worst.add(name, error / change);
        });
    return worst;
  }

  private static double error(Map<String, Tensor> actual, String name, Tensor expected) {
    return Objects.requireNonNull(actual.get(name), name).distance(expected);
  }
}
