package dev.atrous.runtime.train;

import static dev.atrous.runtime.train.TinyTraining.MODEL;
import static dev.atrous.runtime.train.TinyTraining.interruptingAt;
import static dev.atrous.runtime.train.TinyTraining.options;
import static dev.atrous.runtime.train.TinyTraining.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.annotation.Training;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.tensorflow.Device;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a training starts from: initial values, weights, a run. */
class TrainingStartTest {
  private final Path directory;

  TrainingStartTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void initialValuesFollowTheSeedAndTheirInitializers() {
    try (Trainer one = new Trainer(MODEL, options().build());
        Trainer same = new Trainer(MODEL, options().build());
        Trainer other = new Trainer(MODEL, options().seed(2).build())) {
      assertThat(same.readVariable("stem/weights")).isEqualTo(one.readVariable("stem/weights"));
      assertThat(other.readVariable("stem/weights")).isNotEqualTo(one.readVariable("stem/weights"));
      assertThat(one.readVariable("atrous/weights"))
          .isNotEqualTo(one.readVariable("strided/weights"));
      assertThat(deviation(one.readVariable("atrous/weights")))
          .isBetween(0.9 * Math.sqrt(2 / 72.0), 1.1 * Math.sqrt(2 / 72.0));
      for (float weight : one.readVariable("scores/weights")) {
        assertThat(weight).isBetween(-0.02f, 0.02f);
      }
      assertThat(one.readVariable("stem/gamma")).containsOnly(1f);
      assertThat(one.readVariable("stem/beta")).containsOnly(0f);
      assertThat(one.readVariable("stem/weights/Momentum")).hasSize(216).containsOnly(0f);
    }
  }

  private static double deviation(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += value * value;
    }
    return Math.sqrt(squares / values.length);
  }

  private static TrainingOptions.Builder cosine() {
    return options().schedule(Training.Schedule.COSINE).warmupSteps(5);
  }

  @Test
  void aResumedRunEqualsAnUninterruptedOne() {
    Map<String, float[]> expected;
    try (Trainer trainer = new Trainer(MODEL, cosine().steps(8).build())) {
      trainer.fit(new TrainingBatches(0));
      expected = values(trainer);
    }
    Path runs = directory.resolve("run");
    TrainingListener interrupting = interruptingAt(3);
    try (Trainer trainer =
        new Trainer(
            MODEL,
            cosine().steps(8).output(runs).checkpointSteps(3).listener(interrupting).build())) {
      TrainingResult result = trainer.fit(new TrainingBatches(0));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(result.step()).isEqualTo(3);
      assertThat(result.checkpoint()).isEqualTo(runs.resolve("model-3"));
    }
    try (Trainer trainer =
        new Trainer(MODEL, cosine().steps(8).output(runs).resume(true).build())) {
      assertThat(trainer.startStep()).isEqualTo(3);
      TrainingResult result = trainer.fit(new TrainingBatches(trainer.startStep()));
      assertThat(result.step()).isEqualTo(8);
      expected.forEach(
          (name, value) -> assertThat(trainer.readVariable(name)).as(name).isEqualTo(value));
    }
    try (Trainer trainer =
        new Trainer(MODEL, cosine().steps(8).output(runs).resume(true).build())) {
      TrainingResult result = trainer.fit(new TrainingBatches(8));
      assertThat(result.step()).isEqualTo(8);
      assertThat(result.loss()).isNaN();
      assertThat(result.checkpoint()).isEqualTo(runs.resolve("model-8"));
    }
  }

  @Test
  void aResumedRunKeepsItsValues() {
    Path run = directory.resolve("kept");
    TrainingOptions begun = options().steps(2).seed(3).learningRate(0.02).output(run).build();
    try (Trainer trainer = new Trainer(MODEL, begun)) {
      trainer.fit(new TrainingBatches(0));
    }
    TrainingOptions kept =
        TrainingOptions.resuming(MODEL.description(), run).device(Device.CPU).build();
    assertThat(kept.steps()).isEqualTo(2);
    assertThat(kept.seed()).isEqualTo(3);
    assertThat(kept.learningRate()).isEqualTo(0.02);
    TrainingOptions forgotten = options().steps(3).output(run).resume(true).build();
    assertThatThrownBy(() -> new Trainer(MODEL, forgotten))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("seed: 1, but the run began with 3");
  }

  /** One worker computes the same in either way, and a checkpoint does not know the difference. */
  @Test
  void aRunGoesOnWithSynchronizedBatchNormalisation() {
    Map<String, float[]> expected;
    try (Trainer trainer = new Trainer(MODEL, options().steps(4).build())) {
      trainer.fit(new TrainingBatches(0));
      expected = values(trainer);
    }
    Path run = directory.resolve("synchronized");
    TrainingOptions begun = options().steps(4).output(run).listener(interruptingAt(2)).build();
    try (Trainer trainer = new Trainer(MODEL, begun)) {
      assertThat(trainer.fit(new TrainingBatches(0)).step()).isEqualTo(2);
      assertThat(Thread.interrupted()).isTrue();
    }
    TinyModel model = TinyModel.synchronizedNorms();
    TrainingOptions resumed = options().steps(4).output(run).resume(true).build();
    try (Trainer trainer = new Trainer(model, resumed)) {
      trainer.fit(new TrainingBatches(2));
      values(trainer)
          .forEach((name, values) -> assertThat(values).as(name).isEqualTo(expected.get(name)));
    }
    assertThat(run.resolve("run.json"))
        .content()
        .contains("\"synchronized batch normalisation\" : \"true\"");
  }

  @Test
  void fineTuningTakesTheWeightsAlone() {
    Path first = directory.resolve("first");
    Map<String, float[]> trained;
    try (Trainer trainer = new Trainer(MODEL, options().steps(2).output(first).build())) {
      trainer.fit(new TrainingBatches(0));
      trained = values(trainer);
    }
    try (Trainer trainer =
        new Trainer(MODEL, options().weights(first).output(directory.resolve("second")).build())) {
      assertThat(trainer.startStep()).isZero();
      assertThat(trainer.readVariable("stem/weights")).isEqualTo(trained.get("stem/weights"));
      assertThat(trainer.readVariable("stem/moving_mean"))
          .isEqualTo(trained.get("stem/moving_mean"));
      assertThat(trainer.readVariable("stem/weights/Momentum")).containsOnly(0f);
    }
    assertThatThrownBy(() -> new Trainer(new TinyModel(5), options().weights(first).build()))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("2 of its 13 variables differ")
        .hasMessageContaining("scores/weights: model [1, 1, 16, 5], checkpoint [1, 1, 16, 3]")
        .hasMessageContaining("scores/bias: model [5], checkpoint [3]")
        .hasMessageContaining("--skip-classifier (TrainingOptions.skipClassifier)");
  }

  @Test
  void aClassifierOfOtherClassesStartsAfresh() {
    Path first = directory.resolve("first");
    Map<String, float[]> trained;
    try (Trainer trainer = new Trainer(MODEL, options().steps(2).output(first).build())) {
      trainer.fit(new TrainingBatches(0));
      trained = values(trainer);
    }
    TinyModel five = new TinyModel(5);
    Map<String, float[]> initial;
    try (Trainer trainer = new Trainer(five, options().build())) {
      assertThat(trainer.startedAfresh()).isEmpty();
      initial = values(trainer);
    }
    TrainingOptions.Builder options = options().weights(first).skipClassifier(true);
    for (XlaMode xla : List.of(XlaMode.OFF, XlaMode.ON)) {
      try (Trainer trainer = new Trainer(five, options.xla(xla).build())) {
        assertThat(trainer.startedAfresh()).containsExactly("scores/weights", "scores/bias");
        values(trainer)
            .forEach(
                (name, value) -> {
                  boolean fresh = name.startsWith("scores/") || name.endsWith("/Momentum");
                  assertThat(value)
                      .as(name)
                      .isEqualTo(fresh ? initial.get(name) : trained.get(name));
                });
      }
    }
    assertThatThrownBy(() -> options().skipClassifier(true).build())
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("--weights");
  }

  @Test
  void nothingButTheClassifierIsLeftOut() {
    Path other =
        InitialCheckpoint.write(
            List.of(
                Parameter.weights("stem/weights", 3, 3, 3, 4), Parameter.bias("scores/bias", 5)),
            directory,
            1);
    TrainingOptions options = options().weights(other).skipClassifier(true).build();
    assertThatThrownBy(() -> new Trainer(MODEL, options))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("11 of its 11 variables differ")
        .hasMessageContaining("stem/weights: model [3, 3, 3, 8], checkpoint [3, 3, 3, 4]")
        .hasMessageEndingWith("or train from the start.");
  }

  @Test
  void frozenBatchNormalisationNeedsSomethingToStartFrom() {
    TinyModel frozen = TinyModel.frozen();
    TrainingOptions.Builder options =
        TrainingOptions.of(frozen.description()).device(Device.CPU).output(directory);
    assertThatThrownBy(options::build)
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("a new run from random weights has none")
        .hasMessageContaining("--weights");
    // There may be nothing to resume, and then there must be weights.
    TrainingOptions resuming = options.resume(true).build();
    assertThatThrownBy(() -> new Trainer(frozen, resuming))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("a new run from random weights has none");
  }
}
