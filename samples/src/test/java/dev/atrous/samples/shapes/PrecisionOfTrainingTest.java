package dev.atrous.samples.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.Precision;
import dev.atrous.runtime.train.TrainingOptions;
import dev.atrous.runtime.train.XlaMode;
import dev.atrous.samples.ShapesDeepLabModel;
import dev.atrous.samples.ShapesDeepLabTrainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first steps of the quickstart in either precision, at the paper's learning rate. The
 * quickstart's is 17 times as large: there two runs in float32 part as far as these, if one of them
 * adds in another order, with two threads instead of one.
 */
@Tag("slow")
class PrecisionOfTrainingTest {
  private static final int STEPS = 20;

  private static final double LEARNING_RATE = 0.007;

  private final Path folder;

  PrecisionOfTrainingTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void bfloat16LearnsAsFloat32Does() {
    ShapesGenerator.generate(folder, 100, 1, 1);
    FolderDataset data = FolderDataset.open(folder, "train", ShapesGenerator.CLASS_NAMES.size());
    List<Double> expected = losses(data, Precision.FLOAT32, XlaMode.OFF);
    List<Double> losses = losses(data, Precision.BFLOAT16, XlaMode.OFF);
    List<Double> compiled = losses(data, Precision.BFLOAT16, XlaMode.ON);
    assertThat(expected).hasSize(STEPS).allMatch(loss -> loss > 1);
    assertThat(expected.get(STEPS - 1)).isLessThan(0.7 * expected.get(0));
    for (int i = 0; i < STEPS; i++) {
      assertThat(losses.get(i) / expected.get(i)).as("step %d", i).isBetween(0.99, 1.01);
      assertThat(compiled.get(i) / expected.get(i)).as("step %d", i).isBetween(0.99, 1.01);
    }
  }

  private static List<Double> losses(FolderDataset data, Precision precision, XlaMode xla) {
    List<Double> losses = new ArrayList<>();
    TrainingOptions options =
        TrainingOptions.of(new ShapesDeepLabModel().description())
            .steps(STEPS)
            .learningRate(LEARNING_RATE)
            .device(Device.CPU)
            .threads(1)
            .precision(precision)
            .xla(xla)
            .listener(report -> losses.add((double) report.loss()))
            .build();
    try (ShapesDeepLabTrainer trainer = new ShapesDeepLabTrainer(options)) {
      trainer.fit(data);
    }
    return losses;
  }
}
