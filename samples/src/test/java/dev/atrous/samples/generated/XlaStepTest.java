package dev.atrous.samples.generated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.processor.interpreter.Tensor;
import dev.atrous.processor.ir.Graph;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.tensorflow.Device;
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

/** A generated training step compiled by XLA, against the same step operation by operation. */
class XlaStepTest {
  private static final int STEPS = 3;

  /** So small that no unit gets to the kink of its ReLU, on one way before the other. */
  private static final double LEARNING_RATE = 1e-5;

  /** Largest difference of a variable, relative to its largest value. */
  private static final double TOLERANCE = 1e-4;

  /** Relative, of one float32. */
  private static final double ROUNDING = 6e-8;

  private final Path folder;

  XlaStepTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  @Tag("slow")
  void isOneProgramAndComputesTheSame() {
    CompiledModel model = new CascadeAndPyramidModel();
    Graph forward = Reference.of(CascadeAndPyramid.class).forward();
    Example example = Example.of(forward, model.description().classes());
    Path weights = Weights.write(model, example.parameters(), folder);
    TrainingOptions.Builder options =
        TrainingOptions.of(model.description())
            .steps(STEPS)
            .learningRate(LEARNING_RATE)
            .device(Device.CPU)
            .weights(weights);
    Path plain = folder.resolve("plain");
    Path compiled = folder.resolve("compiled");
    double expectedLoss;
    try (Trainer trainer = new Trainer(model, options.xla(XlaMode.OFF).output(plain).build())) {
      expectedLoss = trainer.fit(new Batches(example.batch())).loss();
      assertThat(trainer.xlaProgram()).isEmpty();
    }
    try (Trainer trainer = new Trainer(model, options.xla(XlaMode.ON).output(compiled).build())) {
      double loss = trainer.fit(new Batches(example.batch())).loss();
      assertThat(loss / expectedLoss).as("loss").isBetween(1 - TOLERANCE, 1 + TOLERANCE);
      assertThat(trainer.xlaProgram())
          .hasValueSatisfying(
              program -> {
                assertThat(program.name()).contains("atrous_step");
                assertThat(program.instructions()).isGreaterThan(1000);
                assertThat(program.fusions()).isGreaterThan(100);
                assertThat(program.hostTransfers()).isZero();
                // Every parameter changes, and has a momentum unless it is a moving average.
                assertThat(program.donated()).isEqualTo(trainer.variables().size());
              });
    }
    Map<String, Tensor> expected = Weights.read(Checkpoint.open(plain).prefix());
    Map<String, Tensor> actual = Weights.read(Checkpoint.open(compiled).prefix());
    assertThat(actual).containsOnlyKeys(expected.keySet());
    Worst worst = new Worst("difference");
    expected.forEach(
        (name, value) ->
            worst.add(
                name, Objects.requireNonNull(actual.get(name)).distance(value) / value.largest()));
    worst.check(TOLERANCE);
    Worst changes = new Worst("difference of the change");
    example
        .parameters()
        .forEach(
            (name, before) -> {
              Tensor value = Objects.requireNonNull(expected.get(name));
              double difference = Objects.requireNonNull(actual.get(name)).distance(value);
              double rounding = STEPS * ROUNDING * value.largest();
              changes.add(name, Math.max(0, difference - rounding) / value.distance(before));
            });
    changes.check(0.01);
  }
}
