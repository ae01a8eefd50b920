package dev.atrous.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.runtime.data.Batch;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.op.UpdateOps;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.train.InitialCheckpoint;
import dev.atrous.runtime.train.Trainer;
import dev.atrous.runtime.train.TrainingOptions;
import dev.atrous.runtime.train.XlaMode;
import dev.atrous.samples.paper.DeepLabV2Model;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The samples' models as XLA compiles them, at their real width and depth, dropout and auxiliary
 * head included: a step from random weights, against the same step operation by operation.
 */
@Tag("slow")
class XlaModelsTest {
  private static final int CROP = 65;
  private static final int BATCH = 2;

  /** Relative. */
  private static final double LOSS_TOLERANCE = 1e-4;

  /**
   * Of the root mean square of a variable's gradient: one that is wrong is off by 1 and more. Much
   * closer can't be asked of random networks of 50 and 101 layers: weights that are off by 2e-6
   * turn units of ReLUs on, and early gradients are off by 0.3. Smaller networks without such units
   * are compared in {@code GeneratedStepTest}.
   */
  private static final double TOLERANCE = 0.5;

  private final Path folder;

  XlaModelsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** Each recipe once: at another depth it has more of the same units. */
  static Stream<CompiledModel> models() {
    return Stream.of(
        new ShapesDeepLabModel(),
        new DeepLabV3Model(),
        new TorchvisionResNet50Model(),
        new DeepLabV2Model(),
        new TwoPhasesResNet50Model().phases().get(1)); // the first is that of DeepLabV3
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @MethodSource("models")
  void aStepIsTheSame(CompiledModel model) {
    Path weights = InitialCheckpoint.write(model.parameters(), folder.resolve("weights"), 1);
    Step plain = step(model, weights, XlaMode.OFF);
    Step compiled = step(model, weights, XlaMode.ON);
    assertThat(compiled.loss / plain.loss).isCloseTo(1, within(LOSS_TOLERANCE));
    differences(compiled, plain).check(TOLERANCE);
  }

  /**
   * A step.
   *
   * @param variables parameters and momenta afterwards; the first momentum is the gradient
   */
  private record Step(double loss, Map<String, float[]> variables) {}

  private static Step step(CompiledModel model, Path weights, XlaMode xla) {
    TrainingOptions options =
        TrainingOptions.of(model.description())
            .batchSize(BATCH)
            .crop(CROP)
            .device(Device.CPU)
            .weights(weights)
            .xla(xla)
            .build();
    try (Trainer trainer = new Trainer(model, options)) {
      double loss = trainer.step(batch(model.description().classes()), 1e-3f);
      return new Step(loss, trainer.readVariables(trainer.variables()));
    }
  }

  private static Worst differences(Step actual, Step expected) {
    Worst worst = new Worst("difference of the gradient");
    expected.variables.forEach(
        (name, values) -> {
          if (name.endsWith(UpdateOps.MOMENTUM_SUFFIX)) {
            worst.add(name, difference(Objects.requireNonNull(actual.variables.get(name)), values));
          }
        });
    return worst;
  }

  /** Its root mean square, relative. */
  private static double difference(float[] actual, float[] expected) {
    double squares = 0;
    double differences = 0;
    for (int i = 0; i < expected.length; i++) {
      squares += expected[i] * (double) expected[i];
      differences += Math.pow(actual[i] - (double) expected[i], 2);
    }
    return squares == 0 ? differences : Math.sqrt(differences / squares);
  }

  private static Batch batch(int classes) {
    Random random = new Random(1);
    byte[] images = new byte[BATCH * CROP * CROP * 3];
    random.nextBytes(images);
    byte[] labels = new byte[BATCH * CROP * CROP];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) random.nextInt(classes);
    }
    return new Batch(BATCH, CROP, images, labels);
  }
}
