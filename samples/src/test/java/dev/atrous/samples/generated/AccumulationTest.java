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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
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
    Run large = train(model, CROPS, 1, xla);
    assertThat(large.losses().get(0)).isGreaterThan(large.losses().get(STEPS - 1));
    for (int batchSize : new int[] {2, 1}) {
      Run small = train(model, batchSize, CROPS / batchSize, xla);
      assertSame(small, large);
    }
  }

  /** A batch whose pixels are all ignored adds nothing, and takes nothing from the others. */
  @Test
  void dividesByThePixelsOfTheWholeStep() {
    CompiledModel model = new SummedGradientsModel();
    List<Float> losses = train(model, 1, CROPS, XlaMode.OFF).losses();
    assertThat(losses).allMatch(Float::isFinite);
  }

  private static void assertSame(Run actual, Run expected) {
    for (int i = 0; i < STEPS; i++) {
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

  private Run train(CompiledModel model, int batchSize, int accumulate, XlaMode xla) {
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
      for (int step = 0; step < STEPS; step++) {
        losses.add(trainer.step(crops(model, step), 0.05f));
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
