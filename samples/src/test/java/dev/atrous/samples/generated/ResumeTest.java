package dev.atrous.samples.generated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.processor.interpreter.Tensor;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.data.Augmentation;
import dev.atrous.runtime.data.BatchSource;
import dev.atrous.runtime.data.CropLoader;
import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.train.TrainingListener;
import dev.atrous.runtime.train.TrainingOptions;
import dev.atrous.runtime.train.TrainingResult;
import dev.atrous.runtime.train.XlaMode;
import dev.atrous.samples.shapes.ShapesGenerator;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A generated model trained from a data set, with a pause. */
class ResumeTest {
  private static final int STEPS = 4;
  private static final int PAUSE = 2;

  private final Path folder;

  ResumeTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void aResumedRunEqualsAnUninterruptedOneToTheBit() {
    Path root = folder.resolve("shapes");
    ShapesGenerator.generate(root, 6, 1, 3);
    FolderDataset data = FolderDataset.open(root, "train", ShapesGenerator.CLASS_NAMES.size());

    Path whole = folder.resolve("whole");
    assertThat(train(data, options(whole).build()).step()).isEqualTo(STEPS);

    Path parts = folder.resolve("parts");
    Thread thread = Thread.currentThread();
    TrainingListener pause =
        report -> {
          if (report.step() == PAUSE) {
            thread.interrupt();
          }
        };
    assertThat(train(data, options(parts).listener(pause).build()).step()).isEqualTo(PAUSE);
    assertThat(Thread.interrupted()).isTrue();
    Map<String, Tensor> halfway = Weights.read(Checkpoint.open(parts).prefix());
    assertThat(train(data, options(parts).resume(true).build()).step()).isEqualTo(STEPS);

    Map<String, Tensor> expected = Weights.read(Checkpoint.open(whole).prefix());
    Map<String, Tensor> actual = Weights.read(Checkpoint.open(parts).prefix());
    assertThat(actual).containsOnlyKeys(expected.keySet());
    expected.forEach(
        (name, value) -> {
          assertThat(actual.get(name))
              .as(name)
              .extracting(Tensor::values)
              .isEqualTo(value.values());
          assertThat(halfway.get(name))
              .as("%s halfway", name)
              .extracting(Tensor::values)
              .isNotEqualTo(value.values());
        });
  }

  private static TrainingOptions.Builder options(Path output) {
    return TrainingOptions.of(new CascadeAndPyramidModel().description())
        .steps(STEPS)
        .device(Device.CPU)
        .xla(XlaMode.OFF)
        .threads(1)
        .output(output);
  }

  private static TrainingResult train(FolderDataset data, TrainingOptions options) {
    CropLoader.Settings crops =
        new CropLoader.Settings(
            options.batchSize(), options.crop(), Augmentation.standard(), options.seed());
    try (CascadeAndPyramidTrainer trainer = new CascadeAndPyramidTrainer(options);
        BatchSource batches = CropLoader.open(data, crops, trainer.startStep())) {
      return trainer.fit(batches);
    }
  }
}
