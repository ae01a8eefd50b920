package dev.atrous.samples.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.data.LabelledImage;
import dev.atrous.runtime.predict.EvaluationResult;
import dev.atrous.runtime.predict.Evaluator;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.train.TrainingOptions;
import dev.atrous.runtime.train.TrainingResult;
import dev.atrous.samples.ShapesDeepLabModel;
import dev.atrous.samples.ShapesDeepLabPredictor;
import dev.atrous.samples.ShapesDeepLabTrainer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrawnShapesTest {
  private static final DrawnShapes DATA = new DrawnShapes("shapes", 6, 1);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  @Test
  void samplesAreTheSameAtEveryLoad() {
    LabelledImage one = DATA.load(2);
    assertThat(DATA.load(2).image().values()).isEqualTo(one.image().values());
    assertThat(DATA.load(2).labels().labels()).isEqualTo(one.labels().labels());
    assertThat(DATA.load(3).image().values()).isNotEqualTo(one.image().values());
  }

  @Test
  void aGeneratedTrainerAndPredictorUseThem() {
    TrainingOptions options =
        TrainingOptions.of(new ShapesDeepLabModel().description())
            .steps(2)
            .batchSize(2)
            .device(Device.CPU)
            .output(directory)
            .build();
    try (ShapesDeepLabTrainer trainer = new ShapesDeepLabTrainer(options)) {
      TrainingResult result = trainer.fit(DATA);
      assertThat(result.step()).isEqualTo(2);
      assertThat(result.loss()).isBetween(0.1, 10.0);
    }
    PredictorOptions inference =
        PredictorOptions.of(new ShapesDeepLabModel().description(), directory);
    try (ShapesDeepLabPredictor predictor = new ShapesDeepLabPredictor(inference)) {
      EvaluationResult result = new Evaluator(predictor, 2).evaluate(DATA);
      assertThat(result.images()).isEqualTo(6);
    }
  }
}
