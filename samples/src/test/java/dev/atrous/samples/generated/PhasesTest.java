package dev.atrous.samples.generated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.processor.interpreter.Samples;
import dev.atrous.processor.interpreter.Tensor;
import dev.atrous.processor.ir.TensorType;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.data.Batch;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.train.Trainer;
import dev.atrous.runtime.train.TrainingOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The two phases of the paper's recipe: the second, at half the output stride and with frozen batch
 * normalisation, starts from the checkpoint of the first.
 */
class PhasesTest {
  private static final int BATCH = 2;

  private final Path folder;

  PhasesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void theSecondKeepsBatchNormalisationAndTrainsTheRest() {
    List<CompiledModel> phases = new PhasedScoresModel().phases();
    assertThat(phases).hasSize(2);
    CompiledModel first = phases.get(0);
    CompiledModel second = phases.get(1);
    assertThat(first.description().outputStride()).isEqualTo(16);
    assertThat(second.description().outputStride()).isEqualTo(8);
    Path firstRun = folder.resolve("first");
    // The model has both phases; the options say which.
    train(new PhasedScoresModel(), TrainingOptions.of(first.description()).output(firstRun), 33);
    Map<String, Tensor> before = values(firstRun);
    Path secondRun = folder.resolve("second");
    train(second, TrainingOptions.of(second.description()).weights(firstRun).output(secondRun), 65);
    Map<String, Tensor> after = values(secondRun);

    assertThat(names(second)).isEqualTo(names(first));
    for (Parameter parameter : second.parameters()) {
      boolean norm = parameter.name().matches(".*/(gamma|beta|moving_mean|moving_variance)");
      assertThat(parameter.trainable()).as(parameter.name()).isEqualTo(!norm);
      double change = get(after, parameter).distance(get(before, parameter));
      assertThat(change == 0).as("%s changed by %s", parameter.name(), change).isEqualTo(norm);
      assertThat(after.containsKey(parameter.name() + "/Momentum")).isEqualTo(!norm);
    }
    assertThat(before.keySet()).contains("stem/bn/gamma/Momentum");
  }

  @Test
  void theirDescriptionsAreOfEach() {
    List<CompiledModel> phases = new PhasedScoresModel().phases();
    ModelDescription first = phases.get(0).description();
    ModelDescription second = phases.get(1).description();
    assertThat(new PhasedScoresModel().description()).isEqualTo(second);
    assertThat(first.name()).isEqualTo(second.name()).isEqualTo("PhasedScores");
    assertThat(first.crop()).isEqualTo(33);
    assertThat(second.crop()).isEqualTo(65);
    assertThat(rates(first)).containsExactly(1, 2, 3);
    assertThat(rates(second)).containsExactly(2, 4, 6);
    assertThat(second.activationBytes()).isGreaterThan(2 * first.activationBytes());
    assertThat(second.momentumBytes()).isLessThan(first.momentumBytes());
    assertThat(first.needsWeights()).isFalse();
    assertThat(second.needsWeights()).isTrue();
  }

  private static List<Integer> rates(ModelDescription model) {
    return model.layers().stream()
        .filter(layer -> layer.name().matches("aspp/.*") && layer.kernel() == 3)
        .map(LayerDescription::rate)
        .distinct()
        .toList();
  }

  private static void train(CompiledModel model, TrainingOptions.Builder options, int crop) {
    Random random = new Random(1);
    Batch batch =
        new Batch(
            BATCH,
            crop,
            Samples.images(TensorType.u8(BATCH, crop, crop, 3), random).toBytes(),
            Samples.labels(TensorType.u8(BATCH, crop, crop), 5, random).toBytes());
    try (Trainer trainer = new Trainer(model, options.steps(2).device(Device.CPU).build())) {
      trainer.fit(new Batches(batch));
    }
  }

  private static Map<String, Tensor> values(Path run) {
    return Weights.read(Checkpoint.open(run).prefix());
  }

  private static List<String> names(CompiledModel model) {
    return model.parameters().stream().map(Parameter::name).toList();
  }

  private static Tensor get(Map<String, Tensor> values, Parameter parameter) {
    return Objects.requireNonNull(values.get(parameter.name()), parameter.name());
  }
}
