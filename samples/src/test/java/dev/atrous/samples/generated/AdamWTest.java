package dev.atrous.samples.generated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.processor.interpreter.Interpreter;
import dev.atrous.processor.interpreter.State;
import dev.atrous.processor.interpreter.Tensor;
import dev.atrous.processor.ir.Graph;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.Precision;
import dev.atrous.runtime.train.Trainer;
import dev.atrous.runtime.train.TrainingOptions;
import dev.atrous.runtime.train.XlaMode;
import dev.atrous.samples.Worst;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Generated steps of AdamW against the reference: the means of gradients and of their squares, and
 * how far the weights move, which is about the learning rate.
 */
@Tag("slow")
class AdamWTest {
  private static final CompiledModel MODEL = new AdaptiveStepsModel();
  private static final double RATE = 1e-3;

  /** Relative to the largest entry; later gradients are those of weights that are rounded. */
  private static final double TOLERANCE = 1e-2;

  private final Path folder;

  AdamWTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private TrainingOptions.Builder options(int steps, String run) {
    return TrainingOptions.of(MODEL.description())
        .steps(steps)
        .power(1e-9) // so that the rate stays
        .device(Device.CPU)
        .threads(1)
        .precision(Precision.FLOAT32)
        .output(folder.resolve(run));
  }

  private Map<String, Tensor> values(String run) {
    return Weights.read(Checkpoint.open(folder.resolve(run)).prefix());
  }

  @ParameterizedTest
  @EnumSource(
      value = XlaMode.class,
      names = {"ON", "OFF"})
  void isTheReference(XlaMode xla) {
    Reference reference = Reference.of(AdaptiveSteps.class);
    Graph graph = reference.training();
    Example example = Example.of(reference.forward(), MODEL.description().classes());
    State state = State.of(example.parameters());
    for (int step = 0; step < 2; step++) {
      state = Interpreter.step(graph, example.feeds(), state, RATE).after();
    }
    Path weights = Weights.write(MODEL, example.parameters(), folder);
    try (Trainer trainer =
        new Trainer(MODEL, options(2, "run").xla(xla).weights(weights).build())) {
      trainer.fit(new Batches(example.batch()));
    }
    Map<String, Tensor> actual = values("run");
    Worst means = new Worst("mean");
    Worst moves = new Worst("move");
    for (String name : state.momenta().keySet()) {
      Tensor mean = state.momentum(name);
      Tensor square = state.square(name);
      means.add(name, get(actual, name + "/Adam").distance(mean) / mean.largest());
      means.add(name, get(actual, name + "/Adam_1").distance(square) / square.largest());
    }
    for (Map.Entry<String, Tensor> parameter : state.parameters().entrySet()) {
      Tensor before = Objects.requireNonNull(example.parameters().get(parameter.getKey()));
      double moved = parameter.getValue().distance(before);
      moves.add(
          parameter.getKey(),
          get(actual, parameter.getKey()).distance(parameter.getValue()) / Math.max(moved, RATE));
    }
    means.check(TOLERANCE);
    moves.check(0.1); // the mean of gradients near to zero, divided by their size: rounding shows
    assertThat(actual).hasSize(example.parameters().size() + 2 * state.momenta().size());
  }

  private static Tensor get(Map<String, Tensor> values, String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  /** The number of the step is in the correction of the means. */
  @Test
  void aResumedRunGoesOnExactly() {
    Reference reference = Reference.of(AdaptiveSteps.class);
    Example example = Example.of(reference.forward(), MODEL.description().classes());
    fit(options(4, "whole"), example);
    fit(options(2, "parts"), example);
    fit(options(4, "parts").resume(true), example);
    Map<String, Tensor> whole = values("whole");
    Map<String, Tensor> parts = values("parts");
    whole.forEach((name, value) -> assertThat(get(parts, name).distance(value)).as(name).isZero());
  }

  private static void fit(TrainingOptions.Builder options, Example example) {
    try (Trainer trainer = new Trainer(MODEL, options.xla(XlaMode.OFF).build())) {
      trainer.fit(new Batches(example.batch()));
    }
  }
}
