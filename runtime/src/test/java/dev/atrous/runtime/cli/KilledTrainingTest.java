package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atrous.runtime.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training in two phases that is killed at random moments and resumed each time comes to the same
 * as one that is left alone, to the bit.
 */
@Tag("slow")
class KilledTrainingTest {
  private static final int KILLS = 20;
  private static final int PHASE = 150;
  private static final int STEPS = 2 * PHASE;
  private static final int CHECKPOINT_STEPS = 3;
  private static final int VALIDATE_STEPS = 6;
  private static final long SEED = 20;
  private static final Pattern NEWEST = Pattern.compile("model_checkpoint_path: \"model-(\\d+)\"");

  private final Path directory;
  private final Path data;

  KilledTrainingTest(@TempDir Path directory) throws IOException {
    this.directory = directory;
    data = directory.resolve("data");
    ColorFolder.write(data);
  }

  /** What the processes run. */
  static final class Main {
    public static void main(String[] args) {
      double rate = new TinyModel().description().training().learningRate();
      AtrousCli.run(
          args,
          new PhasedModel(
              List.of(
                  new PhasedModel.Phase(PHASE, rate, "train"),
                  new PhasedModel.Phase(PHASE, rate / 2, "train"))));
    }
  }

  private Process train(Path run, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // starts sooner
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "train",
                "--data=" + data,
                "--output=" + run,
                "--device=cpu",
                "--threads=1",
                "--checkpoint-steps=" + CHECKPOINT_STEPS,
                "--validate-steps=" + VALIDATE_STEPS,
                "--json=" + directory.resolve(run.getFileName() + ".json")));
    command.addAll(List.of(more));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("out").toFile())
        .start();
  }

  private void complete(Process process) throws Exception {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(directory.resolve("out"))).isZero();
  }

  /** Of the phase that a run is in. */
  private static Path folder(Path run) {
    return Files.isRegularFile(run.resolve("checkpoint")) ? run : run.resolve("phase1");
  }

  /** That of the newest checkpoint, counted from the first phase's; 0 if there is none. */
  private static long newestStep(Path run) throws IOException {
    Path state = folder(run).resolve("checkpoint");
    if (!Files.isRegularFile(state)) {
      return 0;
    }
    Matcher step = NEWEST.matcher(Files.readString(state));
    long before = folder(run).equals(run) ? PHASE : 0;
    return step.lookingAt() ? before + Long.parseLong(step.group(1)) : 0;
  }

  /** Whether the step of the newest checkpoint is to be validated, and is not yet. */
  private static boolean validates(Path run) throws IOException {
    long step = newestStep(run) - (folder(run).equals(run) ? PHASE : 0);
    Path record = folder(run).resolve("validations.json");
    return step > 0
        && step % VALIDATE_STEPS == 0
        && !(Files.exists(record) && Files.readString(record).contains("\"step\" : " + step + ","));
  }

  /** All files of a run, but for what of them has times or the process in it. */
  private static List<String> content(Path run) throws IOException {
    List<String> content = new ArrayList<>();
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = run.relativize(file).toString();
        if (name.endsWith("run.json")) { // where the weights of the phase before are
          content.add(Files.readString(file).replace(run.toString(), "RUN"));
        } else if (name.endsWith("log.csv")) {
          Files.readAllLines(file)
              .forEach(row -> content.add(row.substring(0, row.lastIndexOf(','))));
        } else if (!name.endsWith("run.lock")
            && !name.endsWith("validations.json")
            && !name.contains("tfevents")) {
          content.add(name + " " + HexFormat.of().formatHex(digest(file)));
        }
      }
    }
    return content;
  }

  private static byte[] digest(Path file) throws IOException {
    try {
      return MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode withoutTimes(JsonNode validations) {
    validations.get("validations").forEach(entry -> ((ObjectNode) entry).remove("seconds"));
    return validations;
  }

  @Test
  void theRunComesToTheSame() throws Exception {
    Path whole = directory.resolve("whole");
    long begin = System.nanoTime();
    complete(train(whole));
    double alone = (System.nanoTime() - begin) / 1e9;

    Path killed = directory.resolve("killed");
    Random random = new Random(SEED);
    List<Integer> moments = // in steps, over the life of the run
        IntStream.range(0, KILLS).map(i -> random.nextInt(STEPS - 60)).sorted().boxed().toList();
    List<String> log = new ArrayList<>();
    int inValidation = 0;
    for (int moment : moments) {
      boolean wantsValidation = log.size() % 4 == 3;
      long before = newestStep(killed);
      Process process = before > 0 ? train(killed, "--resume") : train(killed);
      waitFor(process, () -> newestStep(killed) > before && newestStep(killed) >= moment);
      if (wantsValidation) {
        waitFor(process, () -> validates(killed));
      }
      TimeUnit.MICROSECONDS.sleep(random.nextInt(wantsValidation ? 5_000 : 30_000));
      process.destroyForcibly(); // SIGKILL
      process.waitFor();
      inValidation += validates(killed) ? 1 : 0;
      log.add(before + "-" + newestStep(killed) + (validates(killed) ? "v" : ""));
    }
    System.out.printf("alone %.1f s, killed at %s%n", alone, log);
    assertThat(newestStep(killed)).as("%s", log).isLessThan(STEPS);
    assertThat(inValidation).as("%s", log).isPositive();
    complete(train(killed, "--resume"));

    assertThat(content(killed)).isEqualTo(content(whole));
    for (String record : List.of("validations.json", "phase1/validations.json")) {
      assertThat(withoutTimes(Invocation.json(killed.resolve(record))))
          .isEqualTo(withoutTimes(Invocation.json(whole.resolve(record))));
    }
  }

  private void waitFor(Process process, Callable<Boolean> condition) throws Exception {
    while (!condition.call()) {
      assertThat(process.isAlive()).as(Files.readString(directory.resolve("out"))).isTrue();
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }
}
