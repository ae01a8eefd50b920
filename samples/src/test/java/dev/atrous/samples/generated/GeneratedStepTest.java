package dev.atrous.samples.generated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.processor.interpreter.Interpreter;
import dev.atrous.processor.interpreter.Samples;
import dev.atrous.processor.interpreter.State;
import dev.atrous.processor.interpreter.Step;
import dev.atrous.processor.interpreter.Tensor;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.UpdateOp;
import dev.atrous.processor.network.NetworkStage;
import dev.atrous.runtime.CompiledModel;
import dev.atrous.runtime.Device;
import dev.atrous.runtime.data.Batch;
import dev.atrous.runtime.train.Trainer;
import dev.atrous.runtime.train.TrainingOptions;
import dev.atrous.runtime.train.XlaMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A generated training step against the reference: loss, and every gradient, momentum, parameter
 * and moving average. At the spec's crop and batch size, and at others that the same generated step
 * serves.
 */
class GeneratedStepTest {
  private static final float LEARNING_RATE = 0.05f;

  /** Relative to the largest entry of the gradient, or of the change of the variable. */
  private static final double TOLERANCE = 1e-3;

  /** Half of the distance of neighbouring float32 numbers, relative. */
  private static final double ROUNDING = 6e-8;

  private static final String MOMENTUM = "/Momentum";

  private final Path folder;

  GeneratedStepTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @ParameterizedTest
  @CsvSource({"4, 33", "6, 33", "4, 32", "5, 25"})
  void cascadeAndPyramid(int batch, int crop) {
    compare(CascadeAndPyramid.class, new CascadeAndPyramidModel(), batch, crop);
  }

  @ParameterizedTest
  @CsvSource({"3, 49", "5, 41", "4, 32"})
  void bottlenecks(int batch, int crop) {
    compare(Bottlenecks.class, new BottlenecksModel(), batch, crop);
  }

  @ParameterizedTest
  @CsvSource({"3, 65", "4, 33", "2, 72"})
  void longCascade(int batch, int crop) {
    compare(LongCascade.class, new LongCascadeModel(), batch, crop);
  }

  private void compare(Class<?> spec, CompiledModel model, int batch, int crop) {
    Graph graph = Reference.of(spec).withBatch(batch).withCrop(crop).training();
    Random random = new Random(crop);
    Map<String, Tensor> feeds = Samples.feeds(graph, model.description().classes(), random);
    Map<String, Tensor> before = Reference.parameters(graph, 2);
    Step expected = Interpreter.step(graph, feeds, State.of(before), LEARNING_RATE);
    TrainingOptions options =
        TrainingOptions.of(model.description())
            .batchSize(batch)
            .crop(crop)
            .device(Device.CPU)
            .xla(XlaMode.OFF)
            .weights(Weights.write(model, before, folder))
            .build();
    try (Trainer trainer = new Trainer(model, options)) {
      float loss = trainer.step(batch(batch, crop, feeds), LEARNING_RATE);
      double expectedLoss = expected.evaluation().result(NetworkStage.LOSS).at(0);
      assertThat(loss / expectedLoss).as("loss").isBetween(1 - 1e-5, 1 + 1e-5);
      System.out.printf(
          "MEASURE loss %s %d %d: %.2e%n",
          spec.getSimpleName(), batch, crop, Math.abs(loss / expectedLoss - 1));
      Map<String, Tensor> gradients = gradients(graph, expected);
      assertThat(trainer.variables()).containsExactlyInAnyOrderElementsOf(names(before, gradients));
      checkGradients(trainer, expected.after(), gradients);
      checkParameters(trainer, before, expected.after());
    }
  }

  private static Batch batch(int size, int crop, Map<String, Tensor> feeds) {
    return new Batch(
        size, crop, bytes(feeds, NetworkStage.IMAGES), bytes(feeds, NetworkStage.LABELS));
  }

  private static byte[] bytes(Map<String, Tensor> feeds, String name) {
    return Objects.requireNonNull(feeds.get(name)).toBytes();
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
  private static void checkGradients(Trainer trainer, State after, Map<String, Tensor> gradients) {
    double[] worst = new double[1];
    String[] which = new String[1];
    gradients.forEach(
        (name, gradient) -> {
          double e =
              actual(trainer, name + MOMENTUM, after.momentum(name)).distance(after.momentum(name))
                  / gradient.largest();
          if (!(e <= worst[0])) {
            worst[0] = e;
            which[0] = name + " largest gradient " + gradient.largest();
          }
        });
    System.out.printf("MEASURE gradient: %.2e %s%n", worst[0], which[0]);
    gradients.forEach(
        (name, gradient) -> {
          Tensor momentum = after.momentum(name);
          assertThat(actual(trainer, name + MOMENTUM, momentum).distance(momentum))
              .as("gradient of %s", name)
              .isLessThan(TOLERANCE * gradient.largest());
        });
  }

  private static void checkParameters(Trainer trainer, Map<String, Tensor> before, State after) {
    double[] worst = new double[1];
    String[] which = new String[1];
    before.forEach(
        (name, old) -> {
          Tensor expected = after.parameter(name);
          double e = actual(trainer, name, expected).distance(expected) / expected.distance(old);
          if (!(e <= worst[0])) {
            worst[0] = e;
            which[0] = name;
          }
        });
    System.out.printf("MEASURE parameter: %.2e %s%n", worst[0], which[0]);
    before.forEach(
        (name, old) -> {
          Tensor expected = after.parameter(name);
          double bound = TOLERANCE * expected.distance(old) + ROUNDING * expected.largest();
          assertThat(actual(trainer, name, expected).distance(expected))
              .as("%s after the step", name)
              .isLessThan(bound);
        });
  }

  private static Tensor actual(Trainer trainer, String name, Tensor like) {
    return Tensor.of(like.shape(), trainer.readVariable(name));
  }
}
