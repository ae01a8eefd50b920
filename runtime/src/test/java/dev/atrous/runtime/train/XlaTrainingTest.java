package dev.atrous.runtime.train;

import static dev.atrous.runtime.train.TinyTraining.MODEL;
import static dev.atrous.runtime.train.TinyTraining.options;
import static dev.atrous.runtime.train.TinyTraining.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.tensorflow.Xla;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings whose step XLA compiles. */
class XlaTrainingTest {
  private final Path directory;

  XlaTrainingTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static void requireTheSameSteps(Trainer plain, Trainer compiled) {
    for (int step = 0; step < 3; step++) {
      float expected = plain.step(new TrainingBatches(step).next(), 0.05f);
      assertThat(compiled.step(new TrainingBatches(step).next(), 0.05f) / expected)
          .isBetween(1 - 1e-4f, 1 + 1e-4f);
    }
    values(plain)
        .forEach(
            (name, expected) ->
                assertThat(relativeDifference(compiled.readVariable(name), expected))
                    .as(name)
                    .isLessThan(1e-4));
  }

  /** Gradients are accumulated in variables that may be named like their parameters. */
  @Test
  void xlaAccumulatesTheSameGradients() {
    TrainingOptions.Builder two = options().batchSize(2).accumulate(2);
    try (Trainer plain = new Trainer(MODEL, two.xla(XlaMode.OFF).build());
        Trainer compiled = new Trainer(MODEL, two.xla(XlaMode.ON).build())) {
      requireTheSameSteps(plain, compiled);
      assertThat(compiled.xlaProgram()).isPresent();
    }
  }

  @Test
  void xlaCompilesTheStepAndGivesTheSameNumbers() {
    try (Trainer plain = new Trainer(MODEL, options().xla(XlaMode.OFF).build());
        Trainer compiled = new Trainer(MODEL, options().xla(XlaMode.ON).build())) {
      requireTheSameSteps(plain, compiled);
      assertThat(plain.xlaProgram()).isEmpty();
      assertThat(compiled.xlaProgram()).isPresent();
      Xla.Program module = compiled.xlaProgram().get();
      assertThat(module.name()).contains("atrous_step");
      assertThat(module.instructions()).isGreaterThan(200);
      assertThat(module.fusions()).isGreaterThan(20);
    }
  }

  private static double relativeDifference(float[] actual, float[] expected) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
      size = Math.max(size, Math.abs(expected[i]));
    }
    return difference / size;
  }

  @Test
  void whatXlaCannotCompileIsExplainedBeforeThereIsData() {
    TinyModel model = TinyModel.uncompilable();
    try (Trainer plain = new Trainer(model, options().xla(XlaMode.OFF).build())) {
      assertThat(plain.step(new TrainingBatches(0).next(), 0.1f)).isBetween(1f, 1.2f);
    }
    long natives = Pointer.totalCount();
    assertThatThrownBy(() -> new Trainer(model, options().xla(XlaMode.ON).build()))
        .isInstanceOf(AtrousException.class)
        .hasMessageStartingWith("XLA could not compile the training step: ")
        .hasMessageContaining("AsString")
        .hasMessageEndingWith("Train with XLA off.");
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(natives);
  }

  @Test
  void compilingLeavesNoTrace() {
    Path weights = directory.resolve("weights");
    Path run = directory.resolve("run");
    try (Trainer trainer = new Trainer(MODEL, options().steps(2).output(weights).build())) {
      trainer.fit(new TrainingBatches(0));
    }
    try (Trainer trainer = new Trainer(MODEL, options().steps(3).output(run).build())) {
      trainer.fit(new TrainingBatches(0));
    }
    Map<String, TrainingOptions.Builder> starts =
        Map.of(
            "initial values", options(),
            "weights", options().weights(weights),
            "a run", options().output(run).resume(true));
    starts.forEach(
        (start, options) -> {
          Map<String, float[]> expected;
          long startStep;
          try (Trainer plain = new Trainer(MODEL, options.xla(XlaMode.OFF).build())) {
            startStep = plain.startStep();
            expected = values(plain);
          }
          try (Trainer compiled = new Trainer(MODEL, options.xla(XlaMode.ON).build())) {
            assertThat(compiled.xlaProgram()).as(start).isPresent();
            assertThat(compiled.startStep()).as(start).isEqualTo(startStep);
            Map<String, float[]> actual = values(compiled);
            expected.forEach(
                (name, value) ->
                    assertThat(actual.get(name)).as("%s: %s", start, name).isEqualTo(value));
          }
        });
  }
}
