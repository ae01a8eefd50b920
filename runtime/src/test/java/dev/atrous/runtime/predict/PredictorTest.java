package dev.atrous.runtime.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.train.Trainer;
import dev.atrous.runtime.train.TrainingBatches;
import dev.atrous.runtime.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PredictorTest {
  private static final TinyModel MODEL = new TinyModel();
  private static Path run = Path.of("");

  @BeforeAll
  static void train(@TempDir Path directory) {
    run = directory;
    TrainingOptions options =
        TrainingOptions.of(MODEL.description())
            .steps(60)
            .device(Device.CPU)
            .output(directory)
            .build();
    try (Trainer trainer = new Trainer(MODEL, options)) {
      trainer.fit(new TrainingBatches(0));
    }
  }

  private static PredictorOptions options() {
    return PredictorOptions.of(MODEL.description(), run).withDevice(Device.CPU);
  }

  /** Bands of {@code width / 3} columns in the colours of the classes. */
  private static Image bands(int height, int width) {
    byte[] rgb = new byte[height * width * 3];
    for (int i = 0; i < height * width; i++) {
      for (int c = 0; c < 3; c++) {
        rgb[3 * i + c] = (byte) (c == i % width * 3 / width ? 220 : 60);
      }
    }
    return new Image(width, height, rgb);
  }

  private static double accuracy(LabelMap labels) {
    int right = 0;
    for (int y = 0; y < labels.height(); y++) {
      for (int x = 0; x < labels.width(); x++) {
        right += labels.label(x, y) == x * 3 / labels.width() ? 1 : 0;
      }
    }
    return (double) right / (labels.height() * labels.width());
  }

  @ParameterizedTest
  @CsvSource({
    "4,33,33",
    "4,64,50",
    "4,1,1",
    "4,20,71",
    "4,37,90",
    "4,128,97",
    "8,33,33",
    "8,70,64"
  })
  void labelsImagesOfAnySize(int outputStride, int height, int width) {
    try (Predictor predictor = new Predictor(MODEL, options().withOutputStride(outputStride))) {
      Image image = bands(height, width);
      LabelMap labels = predictor.predict(image);
      assertThat(labels.height()).isEqualTo(height);
      assertThat(labels.width()).isEqualTo(width);
      float[] logits = predictor.logits(image);
      assertThat(logits).hasSize(height * width * 3);
      for (int i = 0; i < height * width; i++) {
        assertThat(labels.labels()[i]).isEqualTo((byte) argMax(logits, 3 * i));
      }
      if (outputStride == 4 && width > 1) {
        assertThat(accuracy(labels)).isGreaterThan(0.75);
      }
    }
  }

  private static int argMax(float[] logits, int start) {
    int best = 0;
    for (int c = 1; c < 3; c++) {
      best = logits[start + c] > logits[start + best] ? c : best;
    }
    return best;
  }

  @Test
  void smallImagesArePaddedWithTheMeanPixel() {
    Image small = bands(20, 33);
    byte[] padded = new byte[33 * 33 * 3];
    byte[] mean = {124, 116, 104};
    for (int i = 0; i < padded.length; i++) {
      padded[i] = i < small.values().length ? small.values()[i] : mean[i % 3];
    }
    try (Predictor predictor = new Predictor(MODEL, options());
        Predictor uncropped = new Predictor(MODEL, options().withCrop(1))) {
      float[] expected = predictor.logits(new Image(33, 33, padded));
      float[] actual = predictor.logits(small);
      for (int i = 0; i < actual.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(1e-5f));
      }
      assertThat(uncropped.logits(small)).isNotEqualTo(actual);
    }
  }

  @Test
  void mistakesAreExplained() {
    assertThatThrownBy(() -> new Predictor(MODEL, options().withOutputStride(16)))
        .isInstanceOf(AtrousException.class)
        .hasMessage("Tiny can't run at output stride 16. With these weights it can run at 4, 8.");
    assertThatThrownBy(() -> new Predictor(new TinyModel(4), options()))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("scores/bias: model [4], checkpoint [3]");
    assertThatThrownBy(() -> options().withCrop(0))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("crop is 0");
  }

  @Test
  void evaluationCountsEveryPixel(@TempDir Path data) throws IOException {
    Files.createDirectories(data.resolve("ImageSets/Segmentation"));
    Files.writeString(data.resolve("ImageSets/Segmentation/val.txt"), "a\nb\n");
    for (String id : new String[] {"a", "b"}) {
      Image image = bands(40, 60);
      byte[] labels = new byte[40 * 60];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = (byte) (i % 60 / 20);
      }
      image.write(data.resolve("JPEGImages/" + id + ".png"));
      new LabelMap(60, 40, labels).write(data.resolve("SegmentationClass/" + id + ".png"));
    }
    try (Predictor predictor = new Predictor(MODEL, options())) {
      Evaluator evaluator = new Evaluator(predictor);
      EvaluationResult result = evaluator.evaluate(FolderDataset.open(data, "val", 3));
      assertThat(result.images()).isEqualTo(2);
      assertThat(result.imagesPerSecond()).isPositive();
      assertThat(result.confusion().pixelAccuracy())
          .isEqualTo(accuracy(predictor.predict(bands(40, 60))));
      assertThatThrownBy(() -> evaluator.evaluate(FolderDataset.open(data, "val", 4)))
          .isInstanceOf(AtrousException.class)
          .hasMessageContaining("4 classes, the model 3");
    }
  }
}
