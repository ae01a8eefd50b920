package dev.atrous.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.atrous.annotation.Training;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.data.Batch;
import dev.atrous.runtime.data.BatchSource;
import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.Xla;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
  private static final TinyModel MODEL = new TinyModel();

  private final Path directory;

  TrainerTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private static TrainingOptions.Builder options() {
    return TrainingOptions.of(MODEL.description()).device(Device.CPU).threads(1);
  }

  private static Map<String, float[]> values(Trainer trainer) {
    return trainer.readVariables(trainer.variables());
  }

  @Test
  void theLossDecreasesAndEveryStepIsReported() {
    List<StepReport> reports = new ArrayList<>();
    try (Trainer trainer = new Trainer(MODEL, options().steps(60).listener(reports::add).build())) {
      TrainingResult result = trainer.fit(new TrainingBatches(0));
      assertThat(result.step()).isEqualTo(60);
      assertThat(result.checkpoint()).isNull();
      assertThat(result.imagesPerSecond()).isPositive();
      assertThat(result.medianStepSeconds()).isPositive();
    }
    assertThat(reports).hasSize(60);
    assertThat(reports.get(0).loss()).isBetween(1f, 1.2f); // ln 3
    assertThat(reports.get(59).loss()).isLessThan(0.3f);
    assertThat(reports.get(0).learningRate()).isEqualTo(0.05);
    assertThat(reports.get(30).learningRate()).isEqualTo(0.05 * Math.pow(0.5, 0.9));
    assertThat(reports.get(59).remaining()).isZero();
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

  /**
   * Weights of one class leave its pixels alone: the loss is that of a batch without the others.
   */
  @Test
  void classWeightsOfTheRunAreThoseOfTheLoss() {
    try (Trainer plain = new Trainer(MODEL, options().build());
        Trainer equal = new Trainer(MODEL, options().classWeights(List.of(2.0, 2.0, 2.0)).build());
        Trainer first =
            new Trainer(MODEL, options().classWeights(List.of(1.0, 0.0, 0.0)).build())) {
      float loss = plain.step(new TrainingBatches(0).next(), 0.05f);
      assertThat(equal.step(new TrainingBatches(0).next(), 0.05f)).isCloseTo(loss, within(1e-5f));
      for (int step = 0; step < 20; step++) {
        first.step(new TrainingBatches(step).next(), 0.05f);
      }
      assertThat(first.step(new TrainingBatches(20).next(), 0.05f)).isLessThan(0.1f);
    }
  }

  /** Gradients are accumulated in variables that may be named like their parameters. */
  @Test
  void xlaAccumulatesTheSameGradients() {
    TrainingOptions.Builder two = options().batchSize(2).accumulate(2);
    try (Trainer plain = new Trainer(MODEL, two.xla(XlaMode.OFF).build());
        Trainer compiled = new Trainer(MODEL, two.xla(XlaMode.ON).build())) {
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
      assertThat(compiled.xlaProgram()).isPresent();
    }
  }

  @Test
  void xlaCompilesTheStepAndGivesTheSameNumbers() {
    try (Trainer plain = new Trainer(MODEL, options().xla(XlaMode.OFF).build());
        Trainer compiled = new Trainer(MODEL, options().xla(XlaMode.ON).build())) {
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
  void divergenceStopsTheRunAndLeavesTheLastGoodCheckpoint() {
    try (Trainer trainer = new Trainer(MODEL, options().steps(3).output(directory).build())) {
      trainer.fit(new TrainingBatches(0));
    }
    TrainingOptions.Builder wild =
        options().steps(6).output(directory).resume(true).learningRate(1e38);
    try (Trainer trainer = new Trainer(MODEL, wild.checkpointSteps(1).build())) {
      assertThatThrownBy(() -> trainer.fit(new TrainingBatches(3)))
          .isInstanceOf(AtrousException.class)
          .hasMessageContaining("with the weights after step 4 the loss is NaN")
          .hasMessageContaining(directory.resolve("model-3").toString());
    }
    try (Trainer trainer = new Trainer(MODEL, wild.checkpointSteps(0).build())) {
      assertThatThrownBy(() -> trainer.fit(new TrainingBatches(3)))
          .isInstanceOf(AtrousException.class)
          .hasMessageContaining("the loss of step 5 is NaN")
          .hasMessageContaining(directory.resolve("model-3").toString());
    }
    assertThat(Checkpoint.open(directory).prefix()).isEqualTo(directory.resolve("model-3"));
  }

  @Test
  void dataThatFailsInTheMiddleEndsTheRunWithACheckpoint() {
    TrainingBatches batches = new TrainingBatches(0);
    BatchSource failing =
        new BatchSource() {
          private int count;

          @Override
          public Batch next() {
            if (count++ == 3) {
              throw new AtrousException("Image a.jpg can't be read.");
            }
            return batches.next();
          }

          @Override
          public void close() {}
        };
    try (Trainer trainer = new Trainer(MODEL, options().steps(6).output(directory).build())) {
      assertThatThrownBy(() -> trainer.fit(failing))
          .isInstanceOf(AtrousException.class)
          .hasMessageContainingAll("a.jpg", "ended after step 3", "model-3", "resume");
    }
    TrainingOptions options = options().steps(6).output(directory).resume(true).build();
    try (Trainer trainer = new Trainer(MODEL, options)) {
      assertThat(trainer.startStep()).isEqualTo(3);
    }
  }

  @Test
  void checkpointsAreWrittenAtTheirIntervalAndTheOldestDeleted() throws IOException {
    TrainingOptions options =
        options().steps(7).output(directory).checkpointSteps(2).keep(2).build();
    try (Trainer trainer = new Trainer(MODEL, options)) {
      trainer.fit(new TrainingBatches(0));
    }
    try (var files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "checkpoint",
              "run.json",
              "run.lock",
              "model-6.index",
              "model-6.data-00000-of-00001",
              "model-7.index",
              "model-7.data-00000-of-00001");
    }
    assertThatThrownBy(() -> new Trainer(MODEL, options))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("already holds a training run (model-7)");
  }

  @Test
  void optionsThatCannotWorkAreExplained() {
    assertThatThrownBy(() -> new Trainer(MODEL, options().crop(66).build()))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("compiled for crops up to 65")
        .hasMessageContaining("@SegmentationModel(crop = 66)");
    assertThatThrownBy(() -> options().batchSize(0).build())
        .isInstanceOf(AtrousException.class)
        .hasMessage("The batch size is 0; it must be at least 1.");
    assertThatThrownBy(() -> options().learningRate(Double.NaN).build())
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("learning rate is NaN");
    assertThatThrownBy(() -> options().resume(true).build())
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("output directory");
    try (Trainer trainer = new Trainer(MODEL, options().build())) {
      assertThatThrownBy(() -> trainer.step(new TrainingBatches(0, 2, 33).next(), 0.1f))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("2 x 33^2 pixels, the options say 4 x 33^2");
    }
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

  private static TrainingListener interruptingAt(long step) {
    Thread thread = Thread.currentThread();
    return report -> {
      if (report.step() == step) {
        thread.interrupt();
      }
    };
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
  void memoryStaysFlat() throws IOException {
    assumeThat(Files.exists(Path.of("/proc/self/statm"))).as("this system has /proc").isTrue();
    try (Trainer trainer =
        new Trainer(MODEL, options().batchSize(32).crop(65).xla(XlaMode.OFF).build())) {
      steps(trainer, 50);
      long before = residentKilobytes();
      steps(trainer, 100);
      long growth = residentKilobytes() - before;
      System.out.println("resident memory grew by " + growth + " kB in 100 steps");
      assertThat(growth).isLessThan(8 * 1024);
    }
  }

  private static void steps(Trainer trainer, int count) {
    Batch batch = new TrainingBatches(0, 32, 65).next();
    for (int step = 0; step < count; step++) {
      trainer.step(batch, 0.01f);
    }
  }

  private static long residentKilobytes() throws IOException {
    String pages = Files.readString(Path.of("/proc/self/statm")).split(" ", -1)[1];
    return Long.parseLong(pages) * 4;
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
}
