package dev.atrous.samples.generated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.Dataset;
import dev.atrous.runtime.data.Image;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.LabelledImage;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.PixelScale;
import dev.atrous.runtime.predict.Predictor;
import dev.atrous.runtime.predict.PredictorOptions;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.train.InitialCheckpoint;
import dev.atrous.runtime.train.Trainer;
import dev.atrous.runtime.train.TrainingOptions;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training for four bands from a checkpoint for red, green and blue. */
class WeightsOfColorsTest {
  private static final int OUTPUTS = 8;
  private static final double[] MEAN = {123.675, 116.28, 103.53};
  private static final double[] DEVIATION = {58.395, 57.12, 57.375};

  private final Path folder;

  WeightsOfColorsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private static Trainer trainer(CompiledModel model, Path weights) {
    return new Trainer(
        model, TrainingOptions.of(model.description()).weights(weights).device(Device.CPU).build());
  }

  /**
   * The paper's scale is (v - 127.5) / 127.5; bands are taken to be as far spread as ImageNet's.
   */
  @Test
  void theFirstConvolutionIsAdapted() {
    Random random = new Random(1);
    float[] colors = new float[7 * 7 * 3 * OUTPUTS];
    float[] movingMean = new float[OUTPUTS];
    for (int i = 0; i < colors.length; i++) {
      colors[i] = (float) random.nextGaussian();
      movingMean[i % OUTPUTS] = i;
    }
    Path weights =
        InitialCheckpoint.write(
            new ThreeBandsModel().parameters(),
            Set.of("stem/conv/weights", "stem/bn/moving_mean"),
            name -> name.equals("stem/conv/weights") ? colors : movingMean,
            folder.resolve("colors"),
            1);
    float[] four;
    float[] mean;
    try (Trainer trainer = trainer(new FourBandsModel(), weights);
        Trainer same = trainer(new ThreeBandsModel(), weights)) {
      assertThat(trainer.weightNotes())
          .containsExactly(
              "the first convolution has 4 bands: the weights of red, green and blue are repeated in turns, and scaled so that the response to grey stays");
      assertThat(same.weightNotes()).isEmpty();
      assertThat(same.readVariable("stem/conv/weights")).isEqualTo(colors);
      four = trainer.readVariable("stem/conv/weights");
      mean = trainer.readVariable("stem/bn/moving_mean");
      String last = "head/scores/weights";
      assertThat(trainer.readVariable(last)).isEqualTo(same.readVariable(last));
    }
    double[] expectedMean = new double[OUTPUTS];
    for (int out = 0; out < OUTPUTS; out++) {
      expectedMean[out] = movingMean[out];
    }
    for (int tap = 0; tap < 7 * 7; tap++) {
      for (int out = 0; out < OUTPUTS; out++) {
        for (int band = 0; band < 4; band++) {
          double color = colors[(tap * 3 + band % 3) * OUTPUTS + out];
          double expected = color * DEVIATION[band % 3] / 127.5 / (band % 3 == 0 ? 2 : 1);
          assertThat((double) four[(tap * 4 + band) * OUTPUTS + out])
              .isCloseTo(expected, within(1e-5));
        }
        for (int color = 0; color < 3; color++) {
          expectedMean[out] +=
              colors[(tap * 3 + color) * OUTPUTS + out] * (127.5 - MEAN[color]) / 127.5;
        }
      }
    }
    for (int out = 0; out < OUTPUTS; out++) {
      assertThat((double) mean[out]).isCloseTo(expectedMean[out], within(1e-3));
    }
  }

  /** The bands are not in such weights: the model measures them, whatever they were before. */
  @Test
  void bandsAreMeasured() {
    Path weights =
        InitialCheckpoint.write(new ThreeBandsModel().parameters(), folder.resolve("three"), 1);
    CompiledModel model = new ReflectancesModel();
    short[] values = {1000, 0, 7, 9, 3000, 0, 7, 11};
    Dataset data =
        new Dataset() {
          @Override
          public String name() {
            return "two pixels";
          }

          @Override
          public int classes() {
            return 2;
          }

          @Override
          public int size() {
            return 1;
          }

          @Override
          public String sampleName(int index) {
            return "image";
          }

          @Override
          public LabelledImage load(int index) {
            return new LabelledImage(
                Image.ofShorts(2, 1, 4, values), new LabelMap(2, 1, new byte[2]));
          }
        };
    try (Trainer trainer = trainer(model, weights)) {
      assertThat(trainer.weightNotes()).hasSize(1);
      PixelScale bands = trainer.measureBands(data);
      assertThat(bands.mean()).containsExactly(2000f, 0f, 7f, 10f);
      assertThat(bands.deviation()).containsExactly(1000f, 1f, 1f, 1f); // two are constant
      assertThat(trainer.readVariable("stem/bands/mean")).containsExactly(2000, 0, 7, 10);
    }
  }

  @Test
  void whatCanNotBeAdaptedIsSaid() {
    Path four =
        InitialCheckpoint.write(new FourBandsModel().parameters(), folder.resolve("four"), 1);
    assertThatThrownBy(() -> trainer(new ThreeBandsModel(), four))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("stem/conv/weights: model [7, 7, 3, 8], checkpoint [7, 7, 4, 8]")
        .hasMessageContaining(
            "Only the weights of the first convolution differ: they are for images of another number of bands. Weights for three, which are red, green and blue, can start");
    Path three =
        InitialCheckpoint.write(new ThreeBandsModel().parameters(), folder.resolve("three"), 1);
    CompiledModel model = new FourBandsModel();
    assertThatThrownBy(
            () -> new Predictor(model, PredictorOptions.of(model.description(), three)).close())
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("Such weights can't predict")
        .hasMessageContaining("(train --weights)");
  }
}
