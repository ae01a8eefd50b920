package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.jna.Platform;
import dev.atrous.runtime.OtherJvm;
import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.tensorflow.WorkerGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Trainings of several processes, from their command lines to their ends. */
@Tag("slow")
@Timeout(180)
class WorkersCommandTest extends TrainingFixture {
  private final List<Process> started = new ArrayList<>();

  WorkersCommandTest(@TempDir Path directory) throws IOException {
    super(directory);
  }

  /** What the processes run. */
  static final class Main {
    public static void main(String[] args) {
      AtrousCli.run(args, NamedModel.of("Tiny"));
    }
  }

  private Process start(String name, String... options) throws IOException {
    List<String> train =
        new ArrayList<>(List.of("train", "--data=" + data, "--output=" + run, "--device=cpu"));
    train.addAll(List.of(options));
    return run(name, train);
  }

  private Process run(String name, List<String> arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // starts sooner
                "-cp",
                OtherJvm.CLASS_PATH,
                Main.class.getName()));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(directory.resolve(name + ".out").toFile())
            .redirectError(directory.resolve(name + ".err").toFile())
            .start();
    started.add(process);
    return process;
  }

  @AfterEach
  void endAll() throws InterruptedException {
    for (Process process : started) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  private String text(String file) throws IOException {
    return Files.readString(directory.resolve(file));
  }

  private void awaitCheckpoint(Process process) throws InterruptedException {
    while (!Files.isRegularFile(run.resolve("checkpoint"))) {
      assertThat(process.isAlive()).isTrue();
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static int end(Process process) throws InterruptedException {
    return process.waitFor(90, TimeUnit.SECONDS) ? process.exitValue() : -1;
  }

  @Test
  void aWorkerIsKilledAndAllStartAgain() throws Exception {
    Process launcher =
        start("all", "--workers=2", "--restarts=1", "--steps=200", "--checkpoint-steps=20");
    awaitCheckpoint(launcher);

    launcher.children().findAny().orElseThrow().destroyForcibly();

    assertThat(end(launcher)).as(text("all.err")).isZero();
    assertThat(text("all.out"))
        .contains("workers 2, each with its own crops: 8 in a step")
        .contains("Resumed at step ", "Done at step 200 of 200");
    assertThat(text("all.err"))
        .containsPattern(
            "note: worker [01] was ended by signal 9 \\(SIGKILL\\).*"
                + " All workers start again, from the last checkpoint \\(restart 1 of 1\\)\\.");
    assertThat(Invocation.json(run.resolve("run.json")).get("workers").asInt()).isEqualTo(2);
  }

  @Test
  void controlCEndsAllAfterTheSameStep() throws Exception {
    assumeFalse(Platform.isWindows());
    Process launcher = start("all", "--workers=2", "--steps=1000000", "--checkpoint-steps=20");
    awaitCheckpoint(launcher);

    new ProcessBuilder("kill", "-TERM", String.valueOf(launcher.pid())).start().waitFor();

    assertThat(end(launcher)).isEqualTo(143);
    String step = text("all.out").replaceAll("(?s).*Stopped at step (\\d+) .*", "$1");
    assertThat(run.resolve("model-" + step + ".index")).isRegularFile();
    assertThat(text("all.err")).doesNotContain("error: ");
  }

  @Test
  void stepsAndSumsAreMeasured() throws Exception {
    Path trace = directory.resolve("trace.json");
    String[] both = {"bench", "--workers=2", "--device=cpu", "--steps=2", "--json=-", "--mode"};

    Process train = run("train", listed(both, "train", "--profile=" + trace));
    Process exchange = run("exchange", listed(both, "exchange", "--wire=bfloat16"));

    assertThat(end(train)).as(text("train.err")).isZero();
    JsonNode step = Invocation.json(directory.resolve("train.out"));
    assertThat(step.get("workers").asInt()).isEqualTo(2);
    assertThat(step.get("images_per_second").asDouble() * step.get("median_s").asDouble())
        .isCloseTo(2 * 4, within(1e-6)); // the spec's batch, of each worker
    assertThat(step.get("exchange_s").asDouble())
        .isPositive()
        .isGreaterThanOrEqualTo(step.get("exchange_hidden_s").asDouble());
    assertThat(trace).content().contains("CollectiveReduceV2");
    assertThat(end(exchange)).as(text("exchange.err")).isZero();
    JsonNode sums = Invocation.json(directory.resolve("exchange.out")).get("sums");
    JsonNode largest = sums.get(sums.size() - 1);
    assertThat(largest.get("numbers").asLong()).isEqualTo(gradients());
    assertThat(largest.get("bytes").asLong()).isEqualTo(2 * gradients());
    assertThat(largest.get("runs_s")).hasSize(2);
  }

  private static List<String> listed(String[] first, String... more) {
    return Stream.concat(Stream.of(first), Stream.of(more)).toList();
  }

  private static long gradients() {
    return new TinyModel()
        .parameters().stream()
            .filter(Parameter::trainable)
            .mapToLong(parameter -> parameter.shape().size())
            .sum();
  }

  @Test
  void workersWithOtherOptionsDoNotBegin() throws Exception {
    Path hosts = directory.resolve("hosts");
    Files.write(hosts, WorkerGroup.freeAddresses(2));

    Process first = start("first", "--hosts=" + hosts, "--rank=0", "--steps=5");
    Process second = start("second", "--hosts=" + hosts, "--rank=1", "--steps=5", "--crop=29");

    assertThat(end(first)).as(text("first.err")).isEqualTo(AtrousCli.FAILED);
    assertThat(end(second)).as(text("second.err")).isEqualTo(AtrousCli.FAILED);
    for (String err : List.of("first.err", "second.err")) {
      assertThat(text(err))
          .contains(
              "error: The workers can't train together: worker 1 has another --crop than worker 0.");
    }
    assertThat(run.resolve("checkpoint")).doesNotExist();
  }

  @Test
  void sumsOfOtherNumbersAreNotMeasured() throws Exception {
    Path hosts = directory.resolve("hosts");
    Files.write(hosts, WorkerGroup.freeAddresses(2));
    String[] both = {"bench", "--mode=exchange", "--device=cpu", "--hosts=" + hosts};

    Process first = run("first", listed(both, "--rank=0"));
    Process second = run("second", listed(both, "--rank=1", "--wire=bfloat16"));

    assertThat(end(first)).as(text("first.err")).isEqualTo(AtrousCli.FAILED);
    assertThat(end(second)).as(text("second.err")).isEqualTo(AtrousCli.FAILED);
    assertThat(text("first.err")).contains("worker 1 has another --wire than worker 0.");
    assertThat(text("second.err")).contains("worker 1 has another --wire than worker 0.");
  }
}
