package dev.atrous.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.LabelledImage;
import dev.atrous.runtime.predict.EvaluationResult;
import dev.atrous.runtime.predict.Evaluator;
import dev.atrous.runtime.predict.Predictor;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.tensorflow.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidationTest extends ValidationFixture {
  ValidationTest(@TempDir Path directory) {
    super(directory);
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
}
