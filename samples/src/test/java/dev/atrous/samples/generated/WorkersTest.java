package dev.atrous.samples.generated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.processor.interpreter.Tensor;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.samples.shapes.ShapesGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Trainings of several processes on this host, as their users start them: N workers with B crops
 * compute what one computes with N * B, and what they come to does not depend on how often one of
 * them is killed.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkersTest {
  private static final int CROPS = 6;
  private static final int STEPS = 20;

  /** How often a worker is killed. */
  private static final int KILLS = Integer.getInteger("atrous.kills", 2);

  private static final int STEPS_PER_KILL = 75;

  private final Path folder;
  private final Path data;
  private final String weights;
  private final Map<List<String>, Path> ofOneWorker = new HashMap<>();
  private int runs;

  WorkersTest(@TempDir Path folder) {
    this.folder = folder;
    data = folder.resolve("shapes");
    ShapesGenerator.generate(data, 10, 5, 3);
    weights = weights();
  }

  /** Batch normalisation, its moving averages, dropout, and the limit of the gradient. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void stepsWithSynchronizedNormalisationAreThoseOfOneWorker(int workers) throws Exception {
    List<String> begin = List.of("--model", "SynchronizedSteps", "--steps", "3");
    assertSame(train(workers, 1, begin), alone(begin), 1e-3);
    List<String> all = List.of("--model", "SynchronizedSteps", "--validate-steps", "10");
    Path one = alone(all);
    Path several = train(workers, 1, all);
    assertSame(several, one, 5e-2); // by then, rounding has switched some units
    assertThat(validations(several)).hasSize(2);
    for (int i = 0; i < 2; i++) {
      double[] expected = validations(one).get(i);
      assertThat(validations(several).get(i)).containsExactly(expected, within(2e-3));
    }
  }

  /** XLA makes the gradients, and the workers exchange them outside of its program. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void stepsUnderXlaAreThoseOfOneWorker(int workers) throws Exception {
    List<String> model = summed("--xla", "on");
    assertSame(train(workers, 1, model), alone(model), 2e-3);
  }

  /** Two batches of each of three workers. */
  @Test
  void accumulatedStepsAreThoseOfOneWorker() throws Exception {
    assertSame(train(3, 2, summed()), alone(summed()), 2e-3);
  }

  /** Rounded on their way, gradients are others, and about the same. */
  @Test
  void gradientsInBfloat16TrainAboutTheSame() throws Exception {
    List<double[]> exact = rows(train(2, 1, summed()).resolve("log.csv"));
    List<double[]> rounded = rows(train(2, 1, summed("--wire", "bfloat16")).resolve("log.csv"));
    double largest = 0;
    for (int step = 0; step < STEPS; step++) {
      double loss = exact.get(step)[1];
      largest = Math.max(largest, Math.abs(rounded.get(step)[1] - loss) / loss);
    }
    assertThat(largest).isStrictlyBetween(0.0, 0.01);
  }

  @Test
  void killedWorkersComeToTheSameWeights() throws Exception {
    String steps = String.valueOf(STEPS_PER_KILL * KILLS);
    List<String> options =
        List.of("--model", "SynchronizedSteps", "--checkpoint-steps", "3", "--steps", steps);
    Path undisturbed = train(3, 1, options);
    Random random = new Random(5);
    List<String> all = command("killed", 3, 1, options);
    all.addAll(List.of("--restarts", String.valueOf(KILLS)));
    Process launcher = start(all, "killed");
    int kills = 0;
    try {
      while (kills < KILLS && launcher.isAlive()) {
        if (kills % 2 == 0) { // while it trains, or while it starts
          awaitCheckpoint(launcher, folder.resolve("killed"));
          Thread.sleep(random.nextInt(1_000));
        } else {
          Thread.sleep(random.nextInt(5_000));
        }
        List<ProcessHandle> workers = launcher.children().toList();
        if (workers.size() == 3) {
          workers.get(random.nextInt(3)).destroyForcibly();
          kills++;
          awaitRestart(launcher, workers);
        }
      }
      assertThat(launcher.waitFor(240, TimeUnit.SECONDS)).isTrue();
      assertThat(launcher.exitValue()).as(log("killed")).isZero();
    } finally {
      launcher.destroyForcibly();
    }
    assertThat(kills).as("kills before the end; %s", log("killed")).isEqualTo(KILLS);
    Map<String, Tensor> expected = values(undisturbed);
    values(folder.resolve("killed"))
        .forEach(
            (name, tensor) ->
                assertThat(tensor.values())
                    .as(name)
                    .isEqualTo(Objects.requireNonNull(expected.get(name)).values()));
  }

  private String weights() {
    CompiledModel model = new SummedGradientsModel();
    Reference reference = Reference.of(SummedGradients.class);
    Example example = Example.of(reference.forward(), model.description().classes());
    return Weights.write(model, example.parameters(), folder).toString();
  }

  private static void awaitCheckpoint(Process launcher, Path output) throws Exception {
    Path last = output.resolve("checkpoint");
    String before = Files.exists(last) ? Files.readString(last) : "";
    while (launcher.isAlive() && (!Files.exists(last) || Files.readString(last).equals(before))) {
      Thread.sleep(20);
    }
  }

  private static void awaitRestart(Process launcher, List<ProcessHandle> ended) throws Exception {
    while (launcher.isAlive()
        && (launcher.children().count() < ended.size()
            || launcher.children().anyMatch(ended::contains))) {
      Thread.sleep(20);
    }
  }

  private List<String> summed(String... more) {
    List<String> options =
        new ArrayList<>(List.of("--model", "SummedGradients", "--weights", weights));
    options.addAll(List.of(more));
    return options;
  }

  /** The training of one worker; the same options are trained once. */
  private Path alone(List<String> options) throws IOException, InterruptedException {
    Path known = ofOneWorker.get(options);
    if (known == null) {
      known = train(1, 1, options);
      ofOneWorker.put(options, known);
    }
    return known;
  }

  /** A training of the same crops in any way to share them. */
  private Path train(int workers, int accumulate, List<String> options)
      throws IOException, InterruptedException {
    String name = "run" + runs++;
    Process process = start(command(name, workers, accumulate, options), name);
    try {
      assertThat(process.waitFor(240, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(log(name)).isZero();
    } finally {
      process.destroyForcibly();
    }
    return folder.resolve(name);
  }

  private List<String> command(String name, int workers, int accumulate, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.add("-XX:TieredStopAtLevel=1"); // starts sooner
    command.addAll(List.of("-cp", System.getProperty("java.class.path", "")));
    command.addAll(List.of(WorkersMain.class.getName(), "train", "--data", data.toString()));
    command.addAll(List.of("--output", folder.resolve(name).toString()));
    command.addAll(List.of("--device", "cpu", "--precision", "float32", "--threads", "1"));
    if (!options.contains("--steps")) {
      command.addAll(List.of("--steps", String.valueOf(STEPS)));
    }
    if (!options.contains("--xla")) {
      command.addAll(List.of("--xla", "off"));
    }
    command.addAll(List.of("--batch-size", String.valueOf(CROPS / workers / accumulate)));
    command.addAll(List.of("--accumulate", String.valueOf(accumulate)));
    command.addAll(List.of("--learning-rate", "0.02"));
    command.addAll(options);
    if (workers > 1) {
      command.addAll(List.of("--workers", String.valueOf(workers), "--worker-timeout", "60"));
    }
    return command;
  }

  private Process start(List<String> command, String name) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start();
  }

  private String log(String name) throws IOException {
    return Files.readString(folder.resolve(name + ".log"));
  }

  private static Map<String, Tensor> values(Path output) {
    return Weights.read(Checkpoint.open(output).prefix());
  }

  /**
   * @param share of the largest value of a variable by which its values may differ
   */
  private static void assertSame(Path actual, Path expected, double share) throws IOException {
    List<double[]> losses = rows(expected.resolve("log.csv"));
    List<double[]> others = rows(actual.resolve("log.csv"));
    assertThat(others).isNotEmpty().hasSameSizeAs(losses);
    for (int step = 0; step < losses.size(); step++) {
      double loss = losses.get(step)[1];
      assertThat(others.get(step)[1]).as("step %d", step).isCloseTo(loss, within(1e-3 * loss));
    }
    Map<String, Tensor> weights = values(actual);
    Map<String, Tensor> all = new TreeMap<>(values(expected));
    if (share > 1e-2) { // momenta are sums of what differs in sign
      all.keySet().removeIf(name -> name.endsWith("/Momentum"));
    }
    all.forEach(
        (name, tensor) -> {
          Tensor other = Objects.requireNonNull(weights.get(name));
          double difference = 0;
          for (int i = 0; i < tensor.length(); i++) {
            difference = Math.max(difference, Math.abs(tensor.at(i) - other.at(i)));
          }
          assertThat(difference).as(name).isLessThanOrEqualTo(share * tensor.largest() + 1e-6);
        });
  }

  private static List<double[]> validations(Path output) throws IOException {
    return rows(output.resolve("validation.csv")).stream()
        .map(row -> Arrays.copyOf(row, 3))
        .toList();
  }

  private static List<double[]> rows(Path file) throws IOException {
    List<double[]> rows = new ArrayList<>();
    for (String line : Files.readAllLines(file).stream().skip(1).toList()) {
      rows.add(
          Arrays.stream(line.split(","))
              .mapToDouble(cell -> cell.isEmpty() ? 0 : Double.parseDouble(cell))
              .toArray());
    }
    return rows;
  }
}
