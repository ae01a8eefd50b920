package dev.atrous.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.Interruption;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.data.Dataset;
import dev.atrous.runtime.data.LabelledImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Validations that are stopped, crash, or find files damaged and the disk full. */
class ValidationFaultsTest extends ValidationFixture {
  ValidationFaultsTest(@TempDir Path directory) {
    super(directory);
  }

  /** Stops a run in a validation, as an interrupt does. */
  @Test
  void aStoppedValidationIsDoneAgain() {
    Thread thread = Thread.currentThread();
    TrainingOptions options =
        options()
            .listener(
                report -> {
                  if (report.step() == 4) {
                    thread.interrupt();
                  }
                })
            .validation(ValidationPlan.everySteps(4))
            .build();
    TrainingResult stopped = train(options);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(stopped.step()).isEqualTo(4);
    assertThat(stopped.validated()).isNull();
    train(options().resume(true).validation(ValidationPlan.everySteps(4)).build());
    assertThat(reports).extracting(ValidationReport::step).containsExactly(4L, 8L);
  }

  @Test
  void aFileThatAnInterruptClosesIsNoDamage() {
    Thread thread = Thread.currentThread();
    Dataset interrupting =
        new Halves(3, 0) {
          @Override
          public LabelledImage load(int index) {
            thread.interrupt();
            throw new Interruption();
          }
        };
    TrainingOptions options = options().validation(ValidationPlan.everySteps(4)).build();
    try (Trainer trainer = new Trainer(MODEL, options)) {
      TrainingResult stopped = trainer.fit(new TrainingBatches(0), interrupting);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(stopped.checkpoint()).isEqualTo(run.resolve("model-4"));
    }
  }

  /** One that was killed before its first checkpoint; what it validated are not the new weights. */
  @Test
  void whatAnotherRunLeftIsForgotten() throws IOException {
    train(options().steps(2).validation(ValidationPlan.everySteps(2)).build());
    Files.delete(run.resolve("checkpoint"));
    try (Trainer trainer = new Trainer(MODEL, options().seed(2).steps(3).build())) {
      trainer.fit(new TrainingBatches(0));
    }
    reports.clear();
    train(options().seed(2).steps(6).resume(true).validation(ValidationPlan.everySteps(3)).build());
    assertThat(reports.get(0).step()).isEqualTo(3);
    assertThat(reports.get(0).best()).isTrue();
  }

  @Test
  void aCrashBetweenTheRecordAndTheBestCheckpointIsNoBest() throws IOException {
    train(options().steps(2).validation(ValidationPlan.everySteps(2)).build());
    Path file = run.resolve("validations.json");
    String record = Files.readString(file);
    Path best = run.resolve("best");
    // As after step 2, had its checkpoint not been written.
    Files.delete(best.resolve("checkpoint"));
    reports.clear();
    TrainingResult resumed =
        train(options().steps(2).resume(true).validation(ValidationPlan.everySteps(2)).build());
    assertThat(reports).hasSize(1);
    assertThat(reports.get(0).best()).isTrue();
    assertThat(validated(resumed).checkpoint()).isEqualTo(best.resolve("model-2"));
    assertThat(evaluate(best).confusion().meanIou()).isEqualTo(reports.get(0).miou());

    // As if step 4 had been the best, and its checkpoint not written.
    String better =
        record.replaceFirst(
            "\\{\\s*\"step\" : 2,\\s*\"miou\" : [^,]+",
            "{\"step\" : 1, \"miou\" : 0.99, \"class_iou\" : [], \"loss\" : null, \"seconds\" : 0, \"best\" : true}, $0");
    assertThat(better).contains("0.99");
    Files.writeString(file, better);
    TrainingResult again =
        train(options().steps(2).resume(true).validation(ValidationPlan.everySteps(2)).build());
    assertThat(validated(again).best().step()).isEqualTo(2);
    assertThat(validated(again).withoutBetter()).isZero();
    assertThat(reports).hasSize(1);
  }

  /** The run goes on before its best validation, whose checkpoint remains. */
  @Test
  void aDamagedCheckpointTakesTheRunBackButNotItsBest() throws IOException {
    train(hopeless(9).steps(7).checkpointSteps(2).validation(ValidationPlan.everySteps(2)).build());
    List<ValidationReport> first = List.copyOf(reports);
    assertThat(first).extracting(ValidationReport::step).containsExactly(2L, 4L, 6L, 7L);
    damage(run.resolve("model-7"));
    reports.clear();
    train(
        hopeless(9)
            .steps(7)
            .checkpointSteps(2)
            .resume(true)
            .validation(ValidationPlan.everySteps(2))
            .build());
    assertThat(reports).extracting(ValidationReport::step).containsExactly(7L);
    assertThat(reports.get(0).loss()).isEqualTo(first.get(3).loss());

    damage(run.resolve("best/model-2"));
    remarks.clear();
    reports.clear();
    TrainingResult resumed =
        train(hopeless(9).steps(8).resume(true).validation(ValidationPlan.everySteps(2)).build());
    assertThat(remarks).hasSize(1);
    assertThat(remarks.get(0)).startsWith("the best checkpoint is lost").contains("best/model-2");
    assertThat(validated(resumed).best().step()).isEqualTo(8);
    assertThat(evaluate(run.resolve("best")).confusion().meanIou())
        .isEqualTo(reports.get(0).miou());
  }

  private static void damage(Path prefix) throws IOException {
    Path file = prefix.resolveSibling(prefix.getFileName() + ".data-00000-of-00001");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void anImageThatCannotBeReadEndsTheRunWithACheckpoint() {
    TrainingOptions options = options().validation(ValidationPlan.everySteps(4)).build();
    try (Trainer trainer = new Trainer(MODEL, options)) {
      assertThatThrownBy(() -> trainer.fit(new TrainingBatches(0), new Halves(3, 2)))
          .isInstanceOf(AtrousException.class)
          .hasMessageContainingAll(
              "Image half1.png can't be read.",
              "The run ended with the validation of step 4. Its checkpoint is "
                  + run.resolve("model-4"),
              "resume the run");
    }
    train(options().resume(true).validation(ValidationPlan.everySteps(4)).build());
    assertThat(reports).extracting(ValidationReport::step).containsExactly(4L, 8L);
  }

  /** What is written to this device finds the disk full. */
  @Test
  void aFullDiskEndsTheRunAndItGoesOnWithTheBestItHad() throws IOException {
    Path full = Path.of("/dev/full");
    assumeThat(Files.exists(full)).as("this system has /dev/full").isTrue();
    ValidationPlan plan = ValidationPlan.everySteps(3);
    Files.createDirectories(run.resolve("best"));
    for (Path file : List.of(run.resolve("validations.json"), run.resolve("best/checkpoint"))) {
      Path next = file.resolveSibling(file.getFileName() + ".tmp");
      Files.createSymbolicLink(next, full);
      TrainingOptions failing =
          options().resume(Files.exists(run.resolve("checkpoint"))).validation(plan).build();
      assertThatThrownBy(() -> train(failing))
          .isInstanceOf(AtrousException.class)
          .hasMessageContaining("could not be written: the disk is full.");
      assertThat(next).doesNotExist();
      assertThat(Checkpoint.open(run).prefix()).isEqualTo(run.resolve("model-3"));
      assertThat(reports).isEmpty();
    }
    assertThat(run.resolve("best/checkpoint")).doesNotExist();
    TrainingResult resumed = train(options().resume(true).validation(plan).build());
    assertThat(reports).extracting(ValidationReport::step).containsExactly(3L, 6L, 8L);
    assertThat(validated(resumed).best().step()).isEqualTo(3);
  }

  /** A file where the folder should be: nothing can be written there. */
  @Test
  void aBestCheckpointThatCannotBeWrittenEndsTheRun() throws IOException {
    Files.createDirectories(run);
    Files.write(run.resolve("best"), "file".getBytes(StandardCharsets.US_ASCII));
    TrainingOptions options = options().validation(ValidationPlan.everySteps(3)).build();
    assertThatThrownBy(() -> train(options))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("The output directory " + run.resolve("best") + " can't be created");
    assertThat(Checkpoint.open(run).prefix()).isEqualTo(run.resolve("model-3"));
    Files.delete(run.resolve("best"));
    train(options().resume(true).validation(ValidationPlan.everySteps(3)).build());
    assertThat(reports).extracting(ValidationReport::step).containsExactly(3L, 6L, 8L);
    assertThat(Files.exists(run.resolve("best/checkpoint"))).isTrue();
  }
}
