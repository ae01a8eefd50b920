package dev.atrous.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.Interruption;
import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.data.Dataset;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.LabelledImage;
import dev.atrous.runtime.predict.EvaluationResult;
import dev.atrous.runtime.predict.Evaluator;
import dev.atrous.runtime.predict.Predictor;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.tensorflow.Device;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidationTest {
  private static final TinyModel MODEL = new TinyModel();
  private static final Dataset IMAGES = new Halves(3, 0);

  private final Path run;
  private final List<ValidationReport> reports = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();

  ValidationTest(@TempDir Path directory) {
    run = directory.resolve("run");
  }

  /** Images of several sizes, with noise and pixels that do not count. */
  private static class Halves implements Dataset {
    private final int classes;
    private final int unreadable;

    /**
     * @param unreadable the number of an image that can't be read, from 1; 0 for none
     */
    Halves(int classes, int unreadable) {
      this.classes = classes;
      this.unreadable = unreadable;
    }

    @Override
    public int classes() {
      return classes;
    }

    @Override
    public String name() {
      return "halves";
    }

    @Override
    public int size() {
      return 3;
    }

    @Override
    public String sampleName(int index) {
      return "half" + index;
    }

    @Override
    public LabelledImage load(int index) {
      if (unreadable == index + 1) {
        throw new AtrousException("Image half" + index + ".png can't be read.");
      }
      Random random = new Random(index);
      int width = 40 - 3 * index;
      int height = 20 + 20 * index;
      byte[] rgb = new byte[3 * width * height];
      random.nextBytes(rgb);
      byte[] labels = new byte[width * height];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = (byte) (i % 7 == 0 ? 255 : i % width < 15 ? 0 : 1 + i % 2);
        rgb[3 * i + labels[i] % 3 & 0xff] |= (byte) 0xc0;
      }
      return new LabelledImage(new Image(width, height, rgb), new LabelMap(width, height, labels));
    }
  }

  private TrainingOptions.Builder options() {
    return TrainingOptions.of(MODEL.description())
        .device(Device.CPU)
        .threads(1)
        .steps(8)
        .learningRate(0.01)
        .checkpointSteps(3)
        .output(run)
        .listener(
            new TrainingListener() {
              @Override
              public void onStep(StepReport report) {}

              @Override
              public void onValidation(ValidationReport report) {
                reports.add(report);
              }

              @Override
              public void onRemark(String remark) {
                remarks.add(remark);
              }
            });
  }

  private static TrainingResult train(TrainingOptions options) {
    try (Trainer trainer = new Trainer(MODEL, options)) {
      return trainer.fit(new TrainingBatches(trainer.startStep()), IMAGES);
    }
  }

  private static EvaluationResult evaluate(Path weights) {
    PredictorOptions options =
        PredictorOptions.of(MODEL.description(), weights).withDevice(Device.CPU).withThreads(1);
    try (Predictor predictor = new Predictor(MODEL, options)) {
      return new Evaluator(predictor).withLoss().evaluate(IMAGES);
    }
  }

  private static TrainingResult.Validated validated(TrainingResult result) {
    return Objects.requireNonNull(result.validated());
  }

  @Test
  void aValidationGivesWhatEvaluationOfTheCheckpointGives() {
    TrainingOptions options =
        options().keep(9).checkpointSteps(2).validation(ValidationPlan.everySteps(2)).build();
    TrainingResult.Validated result = validated(train(options));
    assertThat(reports).extracting(ValidationReport::step).containsExactly(2L, 4L, 6L, 8L);
    for (ValidationReport report : reports) {
      EvaluationResult expected = evaluate(run.resolve("model-" + report.step()));
      assertThat(report.miou()).isEqualTo(expected.confusion().meanIou());
      assertThat(report.classIou()).isEqualTo(expected.confusion().perClassIou());
      assertThat(report.loss()).isEqualTo(expected.loss());
      assertThat(report.seconds()).isPositive();
    }
    assertThat(reports).extracting(ValidationReport::loss).doesNotHaveDuplicates();
    ValidationReport best = result.best();
    assertThat(best.miou())
        .isEqualTo(reports.stream().mapToDouble(ValidationReport::miou).max().orElseThrow());
    assertThat(best.best()).isTrue();
    assertThat(result.last()).isEqualTo(reports.get(3));
    assertThat(result.checkpoint()).isEqualTo(run.resolve("best/model-" + best.step()));
    assertThat(result.endedEarly()).isFalse();
    assertThat(evaluate(run.resolve("best")).confusion().meanIou()).isEqualTo(best.miou());
    assertThat(RunRecord.of(run.resolve("best"))).isEqualTo(RunRecord.read(run));
  }

  /** By another way: the softmax of the scores, pixel by pixel, in doubles. */
  @Test
  void theLossIsTheMeanCrossEntropyOfAllCountedPixels() {
    train(options().steps(2).validation(ValidationPlan.everySteps(2)).build());
    PredictorOptions options =
        PredictorOptions.of(MODEL.description(), run).withDevice(Device.CPU).withThreads(1);
    double sum = 0;
    int count = 0;
    try (Predictor predictor = new Predictor(MODEL, options)) {
      for (int i = 0; i < IMAGES.size(); i++) {
        LabelledImage sample = IMAGES.load(i);
        float[] logits = predictor.logits(sample.image());
        byte[] labels = sample.labels().labels();
        for (int pixel = 0; pixel < labels.length; pixel++) {
          if (labels[pixel] != -1) {
            double all = 0;
            for (int c = 0; c < 3; c++) {
              all += Math.exp(logits[3 * pixel + c]);
            }
            sum += Math.log(all) - logits[3 * pixel + labels[pixel]];
            count++;
          }
        }
      }
      assertThat(reports.get(0).loss()).isCloseTo(sum / count, within(1e-5));
      EvaluationResult together = new Evaluator(predictor, 3).withLoss().evaluate(IMAGES);
      assertThat(together.loss()).isCloseTo(sum / count, within(1e-5));
      assertThat(new Evaluator(predictor).evaluate(IMAGES).loss()).isNaN();
    }
  }

  @Test
  void theTrainingIsTheSameWithValidationsAndWithout() {
    Map<String, float[]> expected;
    try (Trainer trainer = new Trainer(MODEL, options().output(null).build())) {
      trainer.fit(new TrainingBatches(0));
      expected = trainer.readVariables(trainer.variables());
    }
    TrainingOptions options =
        options().output(null).validation(ValidationPlan.everySteps(1)).build();
    try (Trainer trainer = new Trainer(MODEL, options)) {
      TrainingResult result = trainer.fit(new TrainingBatches(0), IMAGES);
      assertThat(validated(result).checkpoint()).isNull();
      Map<String, float[]> actual = trainer.readVariables(trainer.variables());
      expected.forEach((name, value) -> assertThat(actual.get(name)).as(name).isEqualTo(value));
    }
    assertThat(reports).hasSize(8);
  }

  @Test
  void memoryIsGivenBack() {
    TrainingOptions options = options().validation(ValidationPlan.everySteps(8)).build();
    try (Trainer trainer = new Trainer(MODEL, options)) {
      trainer.fit(new TrainingBatches(0), IMAGES);
    }
    long natives = Pointer.totalCount();
    try (Trainer trainer =
        new Trainer(
            MODEL,
            options().resume(true).steps(12).validation(ValidationPlan.everySteps(1)).build())) {
      trainer.fit(new TrainingBatches(8), IMAGES);
    }
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(natives);
  }

  /** Of what is validated here, nothing is learnt in so few steps. */
  private TrainingOptions.Builder hopeless(int patience) {
    return options().steps(20).validation(ValidationPlan.everySteps(2).withPatience(patience));
  }

  @Test
  void patienceEndsTheTrainingAlsoOfAResumedRun() {
    TrainingResult whole = train(hopeless(3).build());
    assertThat(whole.step()).isEqualTo(8);
    assertThat(validated(whole).endedEarly()).isTrue();
    assertThat(validated(whole).withoutBetter()).isEqualTo(3);
    assertThat(validated(whole).best().step()).isEqualTo(2);
    assertThat(whole.checkpoint()).isEqualTo(run.resolve("model-8"));
    RunRecord record = RunRecord.read(run).orElseThrow();
    assertThat(record.isFinished(run, 8)).isTrue();
    assertThat(record.isFinished(run, 6)).isFalse();
    assertThat(reports)
        .extracting(ValidationReport::best)
        .containsExactly(true, false, false, false);

    TrainingResult again = train(hopeless(3).resume(true).build());
    assertThat(again.step()).isEqualTo(8);
    assertThat(reports).hasSize(4);
    assertThat(validated(again).endedEarly()).isTrue();
    assertThat(validated(again).best().classIou()).isEqualTo(reports.get(0).classIou());
    assertThat(validated(again).best().loss()).isEqualTo(reports.get(0).loss());

    TrainingResult longer = train(hopeless(4).resume(true).build());
    assertThat(longer.step()).isEqualTo(10);
    assertThat(validated(longer).best().step()).isEqualTo(2);
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
  void otherImagesHaveAnotherBest() throws IOException {
    train(options().steps(2).validation(ValidationPlan.everySteps(2)).build());
    Path file = run.resolve("validations.json");
    Files.writeString(file, Files.readString(file).replace("halves, 3", "halves, 4"));
    train(options().steps(2).resume(true).validation(ValidationPlan.everySteps(2)).build());
    assertThat(remarks)
        .containsExactly(
            "validations were on other images (halves, 4 images, now halves, 3 images): the best is looked for anew");
    assertThat(reports).extracting(ValidationReport::best).containsExactly(true, true);
    Files.writeString(file, "{\"data\": \"halves, 3 images\"");
    TrainingOptions options =
        options().steps(4).resume(true).validation(ValidationPlan.everySteps(2)).build();
    assertThatThrownBy(() -> train(options))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("The record of the validations " + file + " is damaged");
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

  @Test
  void weightsThatAreNoNumbersAreNotTheBest() {
    TrainingOptions options =
        options()
            .learningRate(1e38)
            .checkpointSteps(0)
            .validation(ValidationPlan.everySteps(1))
            .build();
    assertThatThrownBy(() -> train(options))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("on the images to validate on, the loss after step 1 is NaN");
    assertThat(run.resolve("best")).doesNotExist();
  }

  @Test
  void whatDoesNotFitIsSaid() {
    TrainingOptions plain = options().output(null).build();
    try (Trainer trainer = new Trainer(MODEL, plain)) {
      assertThatThrownBy(() -> trainer.fit(new TrainingBatches(0), IMAGES))
          .isInstanceOf(AtrousException.class)
          .hasMessageContaining("the options have no validations");
    }
    TrainingOptions validating =
        options().output(null).validation(ValidationPlan.everySteps(2)).build();
    try (Trainer trainer = new Trainer(MODEL, validating)) {
      assertThatThrownBy(() -> trainer.fit(new TrainingBatches(0)))
          .isInstanceOf(AtrousException.class)
          .hasMessageContaining("there is no data set to validate on");
      assertThatThrownBy(() -> trainer.fit(new TrainingBatches(0), new Halves(4, 0)))
          .isInstanceOf(AtrousException.class)
          .hasMessageContaining("The data set halves has 4 classes, the model Tiny has 3");
    }
    assertThatThrownBy(() -> ValidationPlan.NONE.withPatience(2))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("A patience of 2 counts validations, and there are none.");
  }

  @Test
  void byTimeEveryStepMayBeDue() {
    train(options().validation(ValidationPlan.every(Duration.ofNanos(1))).build());
    assertThat(reports)
        .extracting(ValidationReport::step)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
    reports.clear();
    train(
        options()
            .steps(9)
            .resume(true)
            .validation(ValidationPlan.every(Duration.ofHours(1)))
            .build());
    assertThat(reports).extracting(ValidationReport::step).containsExactly(9L);
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
