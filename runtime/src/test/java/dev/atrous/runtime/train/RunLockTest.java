package dev.atrous.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.tensorflow.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process; that of two processes one has the directory is a test of the command. */
class RunLockTest {
  private static final TinyModel MODEL = new TinyModel();

  private final Path directory;

  RunLockTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private void assertTaken() {
    assertThatThrownBy(() -> RunLock.requireFree(directory.resolve(".")))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("process " + ProcessHandle.current().pid() + ", since 2");
  }

  @Test
  void twoTrainersOfAProcessDoNotShareADirectory() {
    TrainingOptions options =
        TrainingOptions.of(MODEL.description()).device(Device.CPU).output(directory).build();
    try (Trainer trainer = new Trainer(MODEL, options)) {
      assertThatThrownBy(() -> new Trainer(MODEL, options))
          .isInstanceOf(AtrousException.class)
          .hasMessageContaining("is writing to " + directory);
      assertTaken(); // still
      assertThatThrownBy(() -> InitialCheckpoint.write(MODEL.parameters(), directory, 1))
          .isInstanceOf(AtrousException.class)
          .hasMessageContaining("is writing to " + directory);
      assertThat(trainer.startStep()).isZero();
    }
    RunLock.requireFree(directory);
    new Trainer(MODEL, options).close();
  }

  @Test
  void aTrainerThatFailsLeavesTheDirectoryFree() {
    TrainingOptions.Builder options =
        TrainingOptions.of(MODEL.description()).device(Device.CPU).output(directory);
    assertThatThrownBy(() -> new Trainer(MODEL, options.crop(1000).batchSize(1).build()))
        .hasMessageContaining("compiled for crops up to");
    RunLock.requireFree(directory);
    assertThatThrownBy(
            () -> new Trainer(MODEL, options.crop(33).weights(directory.resolve("no")).build()))
        .hasMessageContaining("There is no checkpoint");
    RunLock.requireFree(directory);
  }

  @Test
  void anInterruptDoesNotUnlock() throws Exception {
    Thread.currentThread().interrupt();
    try (RunLock lock = RunLock.of(directory)) {
      assertThat(lock).isNotNull();
      assertTaken();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    RunLock.requireFree(directory);
    assertThat(Files.size(directory.resolve("run.lock"))).isZero();
  }

  @Test
  void whatADeadProcessLeftLocksNothing() throws Exception {
    Files.writeString(directory.resolve("run.lock"), "process 1, since 2020-01-01T00:00:00Z");
    RunLock.requireFree(directory);
    RunLock.of(directory).close();
  }

  @Test
  void nothingIsMadeToSeeThatADirectoryIsFree() {
    RunLock.requireFree(directory.resolve("none"));
    RunLock.requireFree(directory);
    assertThat(directory).isEmptyDirectory();
  }
}
