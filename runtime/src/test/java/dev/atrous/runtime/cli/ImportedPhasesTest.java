package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.train.Trainer;
import dev.atrous.runtime.train.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fine-tuning in two phases, of weights that are imported from torchvision's file. */
class ImportedPhasesTest extends TrainingFixture {
  private static final CompiledModel MODEL =
      new PhasedModel(
          new StemModel(),
          List.of(
              new PhasedModel.Phase(2, 1e-4, "train"), new PhasedModel.Phase(1, 1e-4, "train")));

  private final Path imported;

  ImportedPhasesTest(@TempDir Path directory) throws IOException {
    super(directory);
    imported = directory.resolve("imported");
  }

  @BeforeEach
  void importWeights() throws IOException {
    Path file = directory.resolve("weights.safetensors");
    StemModel.writeWeights(file);
    Invocation importing =
        Invocation.of(
            MODEL, "import", "--from", "torchvision", "--weights", file, "--output", imported);
    assertThat(importing.code()).as(importing.err()).isZero();
  }

  private static String weights(Path run) throws IOException {
    return Invocation.json(run.resolve("run.json")).get("weights").asText();
  }

  /** A parameter at the end of a run. */
  private static float[] values(Path weights, String parameter) {
    ModelDescription model = MODEL.description();
    TrainingOptions options = TrainingOptions.of(model).device(Device.CPU).weights(weights).build();
    try (Trainer trainer = new Trainer(MODEL, options)) {
      return trainer.readVariable(parameter);
    }
  }

  @Test
  void theFirstStartsFromThemAndTheSecondFromTheFirst() throws Exception {
    Invocation trained = runTrainOnData(MODEL, "--weights", imported);
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.out())
        .contains("phase 1/2", "Done at step 2 of 2", "phase 2/2", "Done at step 1 of 1");
    Path phase1 = run.resolve("phase1");
    assertThat(weights(phase1)).isEqualTo(imported.toString());
    assertThat(weights(run)).isEqualTo(phase1.toString());
    Offset<Float> little = Offset.offset(1e-2f); // at a small rate, in three steps
    assertThat(values(run, "stem/conv/weights"))
        .containsExactly(values(imported, "stem/conv/weights"), little);
    float[] before = values(imported, "head/scores/weights");
    float[] first = values(phase1, "head/scores/weights");
    float[] second = values(run, "head/scores/weights");
    assertThat(first).containsExactly(before, little).isNotEqualTo(before);
    assertThat(second).containsExactly(first, little).isNotEqualTo(first);
  }

  @Test
  void theSecondAloneStartsFromThem() throws Exception {
    Invocation trained = runTrainOnData(MODEL, "--phase", 2, "--weights", imported);
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.out()).contains("phase 2/2").doesNotContain("phase 1/2");
    assertThat(weights(run)).isEqualTo(imported.toString());
    assertThat(run.resolve("phase1")).doesNotExist();
  }

  @Test
  void theirClassifierIsSkippedInTheFirstAlone() {
    Invocation trained = runTrainOnData(MODEL, "--weights", imported, "--skip-classifier");
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.out())
        .containsOnlyOnce("Initial values: head/scores/weights, head/scores/bias");
    float[] skipped = values(run.resolve("phase1"), "head/scores/weights");
    assertThat(values(run, "head/scores/weights")).containsExactly(skipped, Offset.offset(1e-2f));
  }
}
