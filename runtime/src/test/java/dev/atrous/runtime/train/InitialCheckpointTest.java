package dev.atrous.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.tensorflow.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;

class InitialCheckpointTest {
  private static final TinyModel MODEL = new TinyModel();
  private static final float[] GAMMA = {1, 2, 3, 4, 5, 6, 7, 8};

  private final Path directory;

  InitialCheckpointTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private Path write(long seed) {
    return InitialCheckpoint.write(
        MODEL.parameters(), Set.of("stem/gamma"), name -> GAMMA.clone(), directory, seed);
  }

  private static TrainingOptions.Builder options(long seed) {
    return TrainingOptions.of(MODEL.description()).device(Device.CPU).seed(seed);
  }

  @Test
  void aTrainingStartsFromIt() {
    assertThat(write(7)).isEqualTo(directory.resolve("model-0"));
    assertThat(Checkpoint.open(directory).shapes())
        .hasSize(MODEL.parameters().size() + 1)
        .containsEntry("global_step", Shape.scalar())
        .containsEntry("strided/weights", Shape.of(3, 3, 8, 8));
    try (Trainer from = new Trainer(MODEL, options(8).weights(directory).build());
        Trainer fresh = new Trainer(MODEL, options(7).build())) {
      assertThat(from.startStep()).isZero();
      assertThat(from.readVariable("stem/gamma")).isEqualTo(GAMMA);
      assertThat(from.readVariable("stem/gamma/Momentum")).containsOnly(0);
      assertThat(from.readVariable("strided/weights"))
          .isEqualTo(fresh.readVariable("strided/weights"));
      assertThat(from.readVariable("scores/weights"))
          .isEqualTo(fresh.readVariable("scores/weights"));
    }
  }

  @Test
  void noRunIsOverwritten() throws Exception {
    Path index = directory.resolve("model-0.index");
    write(7);
    byte[] bytes = Files.readAllBytes(index);
    assertThatThrownBy(() -> write(8))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining(directory + " already holds a checkpoint (model-0)");
    assertThat(Files.readAllBytes(index)).isEqualTo(bytes);
  }

  @Test
  void valuesThatCannotBeReadLeaveNoCheckpoint() {
    assertThatThrownBy(
            () ->
                InitialCheckpoint.write(
                    MODEL.parameters(),
                    Set.of("stem/gamma"),
                    name -> {
                      throw new AtrousException("damaged");
                    },
                    directory,
                    1))
        .isInstanceOf(AtrousException.class)
        .hasMessage("damaged");
    assertThat(directory).isDirectoryNotContaining(file -> !file.endsWith("run.lock"));
  }
}
