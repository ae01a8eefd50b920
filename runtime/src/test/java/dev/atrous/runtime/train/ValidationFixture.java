package dev.atrous.runtime.train;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.data.Dataset;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.LabelledImage;
import dev.atrous.runtime.predict.EvaluationResult;
import dev.atrous.runtime.predict.Evaluator;
import dev.atrous.runtime.predict.Predictor;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.tensorflow.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/** What trainings with validations begin with, and what they report. */
abstract class ValidationFixture {
  static final TinyModel MODEL = new TinyModel();
  static final Dataset IMAGES = new Halves(3, 0);

  final Path run;
  final List<ValidationReport> reports = new ArrayList<>();
  final List<String> remarks = new ArrayList<>();

  ValidationFixture(Path directory) {
    run = directory.resolve("run");
  }

  /** Images of several sizes, with noise and pixels that do not count. */
  static class Halves implements Dataset {
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

  TrainingOptions.Builder options() {
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

  /** Of what is validated here, nothing is learnt in so few steps. */
  TrainingOptions.Builder hopeless(int patience) {
    return options().steps(20).validation(ValidationPlan.everySteps(2).withPatience(patience));
  }

  static TrainingResult train(TrainingOptions options) {
    try (Trainer trainer = new Trainer(MODEL, options)) {
      return trainer.fit(new TrainingBatches(trainer.startStep()), IMAGES);
    }
  }

  static EvaluationResult evaluate(Path weights) {
    PredictorOptions options =
        PredictorOptions.of(MODEL.description(), weights).withDevice(Device.CPU).withThreads(1);
    try (Predictor predictor = new Predictor(MODEL, options)) {
      return new Evaluator(predictor).withLoss().evaluate(IMAGES);
    }
  }

  static TrainingResult.Validated validated(TrainingResult result) {
    return Objects.requireNonNull(result.validated());
  }
}
