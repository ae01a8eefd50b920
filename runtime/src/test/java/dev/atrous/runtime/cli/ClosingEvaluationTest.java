package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.report.ShownImage;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.train.Trainer;
import dev.atrous.runtime.train.TrainingOptions;
import dev.atrous.runtime.train.ValidationPlan;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClosingEvaluationTest {
  private static final NamedModel MODEL = NamedModel.of("Tiny");

  private final Path directory;

  ClosingEvaluationTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** A run of four steps, which is validated after the third and the last. */
  @Test
  void theLastValidationIsTakenIfItIsOfTheSameWeights() throws Exception {
    Path data = directory.resolve("data");
    ColorFolder.write(data);
    Path output = directory.resolve("run");
    ValidationScores scores = new ValidationScores(3);
    TrainingOptions options =
        TrainingOptions.of(MODEL.description())
            .device(Device.CPU)
            .threads(1)
            .steps(4)
            .output(output)
            .validation(ValidationPlan.everySteps(3))
            .listener(scores)
            .build();
    FolderDataset train = FolderDataset.open(data, "train", 3);
    FolderDataset val = FolderDataset.open(data, "val", 3);
    try (Trainer trainer = new Trainer(MODEL, options)) {
      assertThat(trainer.fit(train, val).step()).isEqualTo(4);
    }
    assertThat(scores.of(3)).isEmpty();
    AtomicInteger evaluated = new AtomicInteger();
    TrainRun validated =
        new TrainRun(MODEL, options, train, val, Device.CPU, false, output, scores);
    ClosingEvaluation reused = closing(validated, evaluated);
    assertThat(evaluated).hasValue(0);
    TrainRun other =
        new TrainRun(
            MODEL, options, train, val, Device.CPU, false, output, new ValidationScores(3));
    ClosingEvaluation anew = closing(other, evaluated);
    assertThat(evaluated).hasValue(4);
    assertThat(reused.data()).isEqualTo(anew.data());
    for (int truth = 0; truth < 3; truth++) {
      for (int prediction = 0; prediction < 3; prediction++) {
        assertThat(reused.confusion().count(truth, prediction))
            .isEqualTo(anew.confusion().count(truth, prediction));
      }
    }
    assertThat(reused.shown())
        .extracting(ShownImage::choice)
        .containsExactlyElementsOf(anew.shown().stream().map(ShownImage::choice).toList());
  }

  private static ClosingEvaluation closing(TrainRun run, AtomicInteger evaluated) {
    return ClosingEvaluation.of(run, 4, size -> evaluated::set);
  }
}
