package dev.atrous.samples.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.runtime.AtrousException;
import dev.atrous.samples.shapes.ShapesGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@ExtendWith(LocalCluster.class)
class ClusterTrainingTest {
  private static final int STEPS = 6;

  /** The weights of a training whose worker is killed are those of one that is left alone. */
  @Test
  void aTrainingGoesOnWhenAWorkerIsKilled(@TempDir Path folder) throws Exception {
    Path data = folder.resolve("data");
    ShapesGenerator.generate(data, 8, 0, 1);
    Path killed = folder.resolve("killed");
    Path alone = folder.resolve("alone");

    CompletableFuture<String> training =
        CompletableFuture.supplyAsync(() -> train(data, killed, "--restarts=1"));
    LocalCluster.await(
        "checkpoint", () -> Files.exists(killed.resolve("checkpoint")) || training.isDone());
    List<ProcessHandle> second = workers("--rank 1");
    assertThat(second).hasSize(1);
    second.get(0).destroyForcibly();

    assertThat(training.get()).contains("Trained by 2 workers");
    assertThat(train(data, alone, "--restarts=0")).contains("Trained by 2 workers");
    assertThat(Files.readString(alone.resolve("log.csv"))).contains("\n" + STEPS + ",");
    String weights = "model-" + STEPS + ".data-00000-of-00001";
    assertThat(killed.resolve(weights)).hasSameBinaryContentAs(alone.resolve(weights));
    assertThat(workers("--rank")).isEmpty();
  }

  private static String train(Path data, Path output, String restarts) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine program =
        new SparkTrain().commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    program.execute(
        "--workers=2",
        restarts,
        "--output=" + output,
        "--heap=512m",
        "--",
        "--model=ShapesDeepLab",
        "--data=" + data,
        "--batch-size=2",
        "--steps=" + STEPS,
        "--checkpoint-steps=1");
    return out + err.toString();
  }

  /** The processes of a training. */
  private static List<ProcessHandle> workers(String argument) {
    try (Stream<ProcessHandle> processes = ProcessHandle.current().descendants()) {
      return processes
          .filter(process -> commandLine(process).contains(" train "))
          .filter(process -> commandLine(process).contains(argument))
          .toList();
    }
  }

  /** Java's own way cuts long commands short. */
  private static String commandLine(ProcessHandle process) {
    try {
      String words = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
      return words.replace('\0', ' ');
    } catch (IOException e) {
      return ""; // it has ended
    }
  }

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
            "dev.atrous.samples.Main",
            List.of("train", "--no-such-option"),
            output.toString(),
            List.of());

    assertThatThrownBy(() -> ClusterTraining.run(LocalCluster.SPARK, worker, 1, 3))
        .isInstanceOf(AtrousException.class)
        .hasMessageMatching("The options of the training are wrong: .*'--no-such-option'.*");
  }

  private static BarrierWorker worker(Path output) {
    return new BarrierWorker(
        Comrade.class.getName(),
        List.of("--output", output.toString()),
        output.toString(),
        List.of());
  }
}
