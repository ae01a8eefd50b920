package dev.atrous.runtime.train;

import static dev.atrous.runtime.train.TinyTraining.MODEL;
import static dev.atrous.runtime.train.TinyTraining.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.data.Batch;
import dev.atrous.runtime.data.BatchSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
  private final Path directory;

  TrainerTest(@TempDir Path directory) {
    this.directory = directory;
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
}
