package dev.atrous.samples.generated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.runtime.data.Batch;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.Precision;
import dev.atrous.runtime.train.Trainer;
import dev.atrous.runtime.train.TrainingOptions;
import dev.atrous.runtime.train.XlaMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A step of several batches is that of one batch of all their crops. */
class AccumulationTest {
  private static final int STEPS = 20;
  private static final int CROPS = 4;

  private final Path folder;

  AccumulationTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private record Run(List<Float> losses, Map<String, float[]> variables) {}

  @ParameterizedTest
  @EnumSource(
      value = XlaMode.class,
      names = {"ON", "OFF"})
  void equalsTheLargeBatchWithFrozenNormalisation(XlaMode xla) {
    CompiledModel model = new SummedGradientsModel();
    List<Batch> steps = IntStream.range(0, STEPS).mapToObj(step -> crops(model, step)).toList();
    Run large = train(model, CROPS, 1, xla, steps);
    assertThat(large.losses().get(0)).isGreaterThan(large.losses().get(STEPS - 1));
    for (int batchSize : new int[] {2, 1}) {
      Run small = train(model, batchSize, CROPS / batchSize, xla, steps);
      assertSame(small, large);
    }
  }

  /**
   * A crop of which all pixels are labelled, and one of few: each labelled pixel counts the same. A
   * batch whose pixels are all ignored adds nothing, and takes nothing from the others.
   */
  @Test
  void dividesByThePixelsOfTheWholeStep() {
    CompiledModel model = new SummedGradientsModel();
    int crop = model.description().crop();
    byte[] ignored = labels(crop, 0, 6);
    byte[] all = labels(crop, crop * crop, 6);
    byte[] few = labels(crop, crop, 1);
    float ofAll = lossOfTwo(model, all, ignored);
    float ofFew = lossOfTwo(model, ignored, few);

    Batch both = two(crop, all, few);
    Run large = train(model, 2, 1, XlaMode.OFF, List.of(both));
    Run accumulated = train(model, 1, 2, XlaMode.OFF, List.of(both));
    assertSame(accumulated, large);
    float loss = accumulated.losses().get(0);
    assertThat(loss).isCloseTo((crop * ofAll + ofFew) / (crop + 1), within(1e-5f * loss));
    assertThat((ofAll + ofFew) / 2).as("mean of the crops").isGreaterThan(2 * loss);
  }

  /** The loss of a step of two crops, one after the other. */
  private float lossOfTwo(CompiledModel model, byte[] first, byte[] second) {
    Batch crops = two(model.description().crop(), first, second);
    return train(model, 1, 2, XlaMode.OFF, List.of(crops)).losses().get(0);
  }

  /** As many pixels of a class at the beginning of a crop; the others are ignored. */
  private static byte[] labels(int crop, int count, int label) {
    byte[] labels = new byte[crop * crop];
    Arrays.fill(labels, (byte) 255);
    Arrays.fill(labels, 0, count, (byte) label);
    return labels;
  }

  /** Two crops, always the same but for their labels. */
  private static Batch two(int crop, byte[] first, byte[] second) {
    byte[] images = new byte[2 * 3 * crop * crop];
    new Random(1).nextBytes(images);
    byte[] labels = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, labels, first.length, second.length);
    return new Batch(2, crop, images, labels);
  }

  private static void assertSame(Run actual, Run expected) {
    for (int i = 0; i < expected.losses().size(); i++) {
      float loss = expected.losses().get(i);
      assertThat(actual.losses().get(i)).as("step %d", i).isCloseTo(loss, within(1e-4f * loss));
    }
    expected
        .variables()
        .forEach(
            (name, values) -> {
              float[] others = Objects.requireNonNull(actual.variables().get(name));
              double largest = 0;
              double difference = 0;
              for (int i = 0; i < values.length; i++) {
                largest = Math.max(largest, Math.abs(values[i]));
                difference = Math.max(difference, Math.abs(values[i] - others[i]));
              }
              assertThat(difference).as(name).isLessThanOrEqualTo(1e-3 * largest + 1e-7);
            });
  }

  /**
   * @param steps the crops of each
   */
  private Run train(
      CompiledModel model, int batchSize, int accumulate, XlaMode xla, List<Batch> steps) {
    Reference reference = Reference.of(SummedGradients.class);
    Example example = Example.of(reference.forward(), model.description().classes());
    Path weights = Weights.write(model, example.parameters(), folder);
    TrainingOptions options =
        TrainingOptions.of(model.description())
            .batchSize(batchSize)
            .accumulate(accumulate)
            .device(Device.CPU)
            .xla(xla)
            .threads(1)
            .precision(Precision.FLOAT32)
            .weights(weights)
            .build();
    List<Float> losses = new ArrayList<>();
    try (Trainer trainer = new Trainer(model, options)) {
      for (Batch crops : steps) {
        losses.add(trainer.step(crops, 0.05f));
      }
      return new Run(losses, trainer.readVariables(trainer.variables()));
    }
  }

  /** Each crop has another share of labelled pixels; one in five steps has a crop without. */
  private static Batch crops(CompiledModel model, int step) {
    Random random = new Random(step);
    int crop = model.description().crop();
    byte[] images = new byte[3 * CROPS * crop * crop];
    random.nextBytes(images);
    byte[] labels = new byte[CROPS * crop * crop];
    for (int i = 0; i < labels.length; i++) {
      int slot = i / (crop * crop);
      boolean ignored = random.nextInt(4) < slot || (step % 5 == 0 && slot == 1);
      int brightness = Byte.toUnsignedInt(images[3 * i]);
      labels[i] = (byte) (ignored ? 255 : brightness / 37);
    }
    return new Batch(CROPS, crop, images, labels);
  }
}
