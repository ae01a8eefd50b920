package dev.atrous.samples.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalCluster.class)
class ClusterTrainingTest {
  @Test
  void allWorkersStartAgainWhenOneFails(@TempDir Path output) throws IOException {
    ClusterTraining.run(LocalCluster.SPARK, worker(output), 2, 1);

    for (int rank = 0; rank < 2; rank++) {
      String[] first = Files.readString(output.resolve("first-" + rank)).split(" ");
      assertThat(first).contains("--rank", String.valueOf(rank), "--threads", "1");
      assertThat(ProcessHandle.of(Long.parseLong(first[0])).map(ProcessHandle::isAlive))
          .as("worker %d of the first try has ended", rank)
          .isNotEqualTo(Optional.of(true));
      assertThat(output.resolve("second-" + rank)).exists();
    }
  }

  @Test
  void aFailureHasTheMessageOfTheWorker(@TempDir Path output) {
    assertThatThrownBy(() -> ClusterTraining.run(LocalCluster.SPARK, worker(output), 2, 0))
        .isInstanceOf(AtrousException.class)
        .hasMessage(
            "The training failed, after 0 restarts: Worker 1 ended with exit code 1: the disk is full.");
  }

  @Test
  void wrongOptionsAreTriedOnce(@TempDir Path output) {
    BarrierWorker worker =
        new BarrierWorker(
            "dev.atrous.samples.Main", List.of("train", "--no-such-option"), output.toString());

    assertThatThrownBy(() -> ClusterTraining.run(LocalCluster.SPARK, worker, 1, 3))
        .isInstanceOf(AtrousException.class)
        .hasMessageMatching("The options of the training are wrong: .*'--no-such-option'.*");
  }

  private static BarrierWorker worker(Path output) {
    return new BarrierWorker(
        Comrade.class.getName(), List.of("--output", output.toString()), output.toString());
  }
}
