package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest extends TrainingFixture {
  private static final NamedModel MODEL = NamedModel.of("Tiny");

  TrainCommandTest(@TempDir Path directory) throws IOException {
    super(directory);
  }

  private Invocation train(Object... more) {
    return train(MODEL, more);
  }

  private Invocation train(NamedModel model, Object... more) {
    return runTrainOnData(model, more);
  }

  private void assertMisused(Invocation invocation, String message) {
    assertThat(invocation.errors()).startsWith("error: ").contains(message);
    assertThat(invocation.code()).isEqualTo(AtrousCli.USAGE);
    assertThat(run).doesNotExist();
  }

  private static void assertFailed(Invocation invocation, String message) {
    assertThat(invocation.errors())
        .startsWith("error: ")
        .contains(message)
        .doesNotContain("\tat ", "Exception");
    assertThat(invocation.code()).isEqualTo(AtrousCli.FAILED);
  }

  @Test
  void trainsWithTheSpecsRecipeAndResumes() throws Exception {
    Path json = directory.resolve("train.json");
    Invocation trained = train("--json", json, "--steps", 3);
    assertThat(trained.errors()).isEmpty();
    assertThat(trained.code()).isZero();
    assertThat(trained.out())
        .contains(
            "Training Tiny",
            "/train, 4 images",
            "3 of 4 crops of 33 x 33 pixels",
            "device  cpu, float32, XLA off",
            "Done at step 3 of 3: loss ",
            "Evaluate it with: evaluate --data " + data + " --weights " + run);
    JsonNode results = Invocation.json(json);
    assertThat(results.get("step").asInt()).isEqualTo(3);
    assertThat(results.get("loss").asDouble()).isBetween(0.01, 10.0);
    assertThat(results.get("images_per_second").asDouble()).isPositive();
    assertThat(results.get("median_step_s").asDouble()).isPositive();
    assertThat(results.get("seconds").asDouble()).isPositive();
    assertThat(results.get("learning_rate").asDouble()).isEqualTo(0.05);
    assertThat(results.get("batch_size").asInt()).isEqualTo(4);
    assertThat(results.get("device").asText()).isEqualTo("cpu");
    assertThat(results.get("xla").isBoolean()).isTrue();
    assertThat(results.get("xla").asBoolean()).isFalse();
    assertThat(Path.of(results.get("checkpoint").asText() + ".index")).isRegularFile();

    assertFailed(train("--steps", 3), "There is a run in " + run + " already. Continue it with");

    Invocation resumed = train("--steps", 5, "--resume", "--json", json);
    assertThat(resumed.code()).isZero();
    assertThat(resumed.out()).contains("Resumed at step 3", "Done at step 5 of 5");
    assertThat(Invocation.json(json).get("step").asInt()).isEqualTo(5);

    Invocation done = train("--steps", 5, "--resume", "--json", json);
    assertThat(done.code()).isZero();
    assertThat(done.out()).contains("Nothing to do: the run has done 5 of 5 steps.");
    assertThat(Invocation.json(json).get("loss").isNull()).isTrue();
  }

  @Test
  void optionsChangeTheRecipe() throws Exception {
    Path json = directory.resolve("train.json");
    Invocation trained =
        train(
            "--steps=2",
            "--batch-size=2",
            "--crop=17",
            "--learning-rate=0.01",
            "--seed=7",
            "--output-stride=4",
            "--xla=ON",
            "--split=val",
            "--json",
            json);
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.out()).contains("/val, 4 images", "2 of 2 crops of 17 x 17", "XLA on");
    JsonNode results = Invocation.json(json);
    assertThat(results.get("crop").asInt()).isEqualTo(17);
    assertThat(results.get("learning_rate").asDouble()).isEqualTo(0.01);
    assertThat(results.get("seed").asInt()).isEqualTo(7);
    assertThat(results.get("xla").asBoolean()).isTrue();
    assertThat(results.at("/xla_program/instructions").asInt()).isPositive();
  }

  @Test
  void aWrongCommandLineBeginsNothing() {
    assertMisused(
        train("--output-stride", 8),
        "compiled for training at output stride 4. To train at 8, set @Backbone(outputStride = 8)");
    assertMisused(train("--steps", 0), "The steps is 0; it must be at least 1.");
    assertMisused(train("--learning-rate", -1), "learning rate");
    assertMisused(train("--threads", -1), "threads");
    assertMisused(train("--batch-size", 1000, "--crop", 2000), "at most 2 GB");
    assertMisused(train("--resume", "--weights", "x"), "leave out one of them");
    assertMisused(train("--skip-classifier"), "give --weights, or leave it out");
    assertMisused(
        train("--class-weights", "1,2"),
        "2 class weights are given, but Tiny has 3 classes and needs a weight for each");
    assertMisused(train("--class-weights", "1,-2,1"), "A class weight of -2.0 is not possible");
    assertMisused(train("--class-weights", "0,0,0"), "All class weights are 0");
    assertMisused(train("--class-weights", "1,x,1"), "'x' is not a double");
  }

  @Test
  void whatTheCompilerWarnsOfHoldsForTheRun() {
    Invocation trained = train("--steps", 2, "--crop", 20);
    assertThat(trained.code()).isZero();
    assertThat(trained.err())
        .containsOnlyOnce("note: [ATR006] a crop of 20 pixels is not 1 modulo the output stride 4")
        .containsOnlyOnce("note: [ATR023] with a crop of 20 pixels, rates are large")
        .containsOnlyOnce("note: [ATR032] with the batchNormDecay of 0.9, 81% of the moving");
    run = directory.resolve("other");
    assertMisused(train("--crop", 4), "feature map of one pixel at the output stride 4");
    assertThat(train().err()).doesNotContain("[ATR");
  }

  @Test
  void frozenBatchNormalisationStartsFromWeights() {
    NamedModel phase2 = NamedModel.of("Phase2", TinyModel.frozen());
    assertMisused(
        train(phase2),
        "Phase2 trains with frozen batch normalisation, which keeps the statistics of earlier training");
    assertThat(train("--steps", 1).code()).isZero();
    Path second = directory.resolve("second");
    Object[] arguments = {
      "train", "--data", data, "--output", second, "--device", "cpu", "--steps", 1
    };
    Invocation trained = Invocation.of(phase2, with(arguments, "--weights", run));
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(Invocation.of(phase2, with(arguments, "--resume")).out())
        .contains("Resumed at step 1");
  }

  @Test
  void aRunToResumeMustExist() {
    assertFailed(train("--resume"), "There is no run to resume in " + run);
    assertThat(run).doesNotExist();
  }

  @Test
  void listsAreReadBeforeTheModelIsBuilt() {
    NamedModel unbuildable =
        NamedModel.failing(
            () -> {
              throw new IllegalStateException("built");
            });
    assertFailed(train(unbuildable, "--split", "test"), "Split 'test' doesn't exist");
    assertFailed(
        Invocation.of(unbuildable, "train", "--data", run, "--output", run),
        "run doesn't exist. Check the path of the data set");
  }

  @Test
  void masksAreCheckedBeforeTheFirstStep() throws Exception {
    Path damaged = directory.resolve("damaged");
    ColorFolder.write(damaged);
    byte[] labels = new byte[ColorFolder.WIDTH * ColorFolder.HEIGHT];
    labels[5] = 3;
    new LabelMap(ColorFolder.WIDTH, ColorFolder.HEIGHT, labels)
        .write(damaged.resolve("SegmentationClass/color2.png"));
    Object[] arguments = {"train", "--data", damaged, "--output", run, "--device", "cpu"};
    assertFailed(Invocation.of(MODEL, arguments), "has label 3 at x=5, y=0, and labels up to 3");
    assertThat(run).isDirectoryNotContaining(file -> !file.endsWith("run.lock"));
    NamedModel uncompilable = NamedModel.of("Tiny", TinyModel.uncompilable());
    assertFailed(
        Invocation.of(uncompilable, with(arguments, "--xla", "on")),
        "error: XLA could not compile the training step: ");
  }

  @Test
  void failuresOfTheWorkAreTold() throws Exception {
    assertFailed(train("--crop", 97, "--batch-size", 1), "compiled for crops up to 65");
    assertFailed(train("--weights", directory), "There is no checkpoint in " + directory);
    Path file = Files.createFile(directory.resolve("file"));
    assertFailed(
        Invocation.of(MODEL, "train", "--data", data, "--output", file.resolve("run")),
        "The output directory " + file.resolve("run") + " can't be created");
  }

  @Test
  void anUnexpectedErrorAsksForAReport() {
    NamedModel broken =
        NamedModel.failing(
            () -> {
              throw new IllegalStateException("boom");
            });
    Invocation failed = train(broken);
    assertThat(failed.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(failed.errors())
        .startsWith("error: unexpected java.lang.IllegalStateException: boom. Please report this")
        .doesNotContain("\tat ");
    try {
      assertThat(train(broken, "--verbose").err()).contains("boom", "\tat dev.atrous.runtime");
      assertThat(System.getProperty(NativeLibrary.VERBOSE_PROPERTY)).isEqualTo("true");
    } finally {
      System.clearProperty(NativeLibrary.VERBOSE_PROPERTY);
    }
  }

  @Test
  void aFullHeapIsExplained() {
    NamedModel big =
        NamedModel.failing(
            () -> {
              throw new OutOfMemoryError("Java heap space");
            });
    Invocation failed = train(big);
    assertThat(failed.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(failed.err()).contains("the Java heap is full (Java heap space)", "-Xmx");
  }

  @Test
  void anInterruptedRunCanBeResumed() throws Exception {
    Path json = directory.resolve("train.json");
    Invocation[] stopped = new Invocation[1];
    Thread thread =
        new Thread(
            () ->
                stopped[0] = train("--steps", 1_000_000, "--checkpoint-steps", 5, "--json", json));
    thread.start();
    waitFor(thread::isAlive, () -> Files.isRegularFile(run.resolve("checkpoint")));
    thread.interrupt();
    thread.join(TimeUnit.SECONDS.toMillis(20));
    assertThat(stopped[0]).isNotNull();
    assertThat(stopped[0].errors()).isEmpty();
    assertThat(stopped[0].code()).isEqualTo(AtrousCli.STOPPED);
    assertThat(stopped[0].out())
        .contains("Stopped at step ", "Continue with the same command and --resume.");
    int step = Invocation.json(json).get("step").asInt();
    assertThat(step).isPositive();
    assertThat(train("--resume", "--steps", step + 1).out()).contains("Resumed at step " + step);
  }

  /** What the processes of the next tests run. */
  static final class Main {
    public static void main(String[] args) {
      AtrousCli.run(args, MODEL);
    }
  }

  /** A process of its own that trains, with its output in {@code out} and {@code err}. */
  private ProcessBuilder training(String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "train",
                "--data",
                data.toString(),
                "--output",
                run.toString()));
    command.addAll(List.of(options));
    return new ProcessBuilder(command)
        .redirectOutput(directory.resolve("out").toFile())
        .redirectError(directory.resolve("err").toFile());
  }

  @Test
  void weightsOfOtherClassesAreFineTuned() {
    assertThat(train("--steps", 1).code()).isZero();
    NamedModel five = NamedModel.of("Five", new TinyModel(5));
    Path tuned = directory.resolve("tuned");
    Object[] tuning = {
      "train", "--data", data, "--output", tuned, "--device", "cpu", "--steps", 1, "--weights", run
    };
    Invocation refused = Invocation.of(five, tuning);
    assertThat(refused.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(refused.err())
        .contains("2 of its 13 variables differ", "and take all others: --skip-classifier");
    Invocation done = Invocation.of(five, with(tuning, "--skip-classifier"));
    assertThat(done.code()).as(done.err()).isZero();
    assertThat(done.out())
        .contains("Initial values: scores/weights, scores/bias", "Done at step 1");
  }

  @Test
  void controlCWritesACheckpoint() throws Exception {
    assumeThat(System.getProperty("os.name")).doesNotContain("Windows");
    Process process = training("--checkpoint-steps", "1", "--steps", "1000000").start();
    try {
      waitFor(process::isAlive, () -> Files.isRegularFile(run.resolve("checkpoint")));
      new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).isEqualTo(AtrousCli.STOPPED);
    String printed = Files.readString(directory.resolve("out"));
    assertThat(printed).contains("Stopped at step ", "Evaluate it with: ");
    String step = printed.replaceAll("(?s).*Stopped at step (\\d+) .*", "$1");
    assertThat(run.resolve("model-" + step + ".index")).isRegularFile();
  }

  @Test
  void oneTrainingHasADirectory() throws Exception {
    Process process = training("--checkpoint-steps", "1", "--steps", "1000000").start();
    NamedModel unbuildable =
        NamedModel.failing(
            () -> {
              throw new IllegalStateException("built");
            });
    try {
      waitFor(process::isAlive, () -> Files.isRegularFile(run.resolve("checkpoint")));
      String taken = "A training (process " + process.pid() + ", since 2";
      assertFailed(train(unbuildable), taken);
      assertFailed(train(unbuildable, "--resume"), taken);
      assertFailed(
          Invocation.of(MODEL, "train", "--data", directory, "--output", run), // before the data
          " is writing to " + run + ". Wait until it ends, end it, or choose another output");
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
    assertThat(run.resolve("run.lock")).content().contains("process " + process.pid());
    Files.delete(run.resolve("checkpoint"));
    Invocation next = train("--steps", 1);
    assertThat(next.code()).as(next.err()).isZero();
    assertThat(run.resolve("run.lock")).isEmptyFile();
  }

  /** As with a TensorFlow that is built without it, which the one for macOS is. */
  @Test
  void trainsWithoutOneDnn() throws Exception {
    ProcessBuilder builder = training("--steps", "2");
    builder.environment().put("TF_ENABLE_ONEDNN_OPTS", "0");
    Process process = builder.start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(directory.resolve("err"))).isZero();
    assertThat(run.resolve("model-2.index")).isRegularFile();
  }

  private interface Condition {
    boolean holds();
  }

  private static void waitFor(Condition alive, Condition condition) throws InterruptedException {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.holds()) {
      assertThat(alive.holds() && System.nanoTime() < limit).isTrue();
      Thread.sleep(20);
    }
  }
}
