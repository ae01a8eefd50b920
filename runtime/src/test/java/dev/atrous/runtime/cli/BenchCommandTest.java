package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@NullUnmarked // JUnit sets the directory
class BenchCommandTest {
  private static final NamedModel MODEL = NamedModel.of("Tiny");

  @TempDir Path directory;

  private Invocation bench(String mode, Object... more) {
    Object[] args = new Object[9 + more.length];
    Object[] first = {"bench", "--mode", mode, "--steps", 3, "--warmup", 0, "--device", "cpu"};
    System.arraycopy(first, 0, args, 0, first.length);
    System.arraycopy(more, 0, args, first.length, more.length);
    return Invocation.of(MODEL, args);
  }

  @ParameterizedTest
  @CsvSource({
    "train, 4, float32",
    "predict, 1, float32",
    "build, 4, float32",
    "train, 4, bfloat16",
    "predict, 1, bfloat16"
  })
  void measures(String mode, int images, String precision) throws Exception {
    Path json = directory.resolve("bench.json");
    Invocation invocation = bench(mode, "--precision", precision, "--json", json);
    assertThat(invocation.err()).isEmpty();
    assertThat(invocation.code()).isZero();
    assertThat(invocation.out()).contains("median", "fastest", "process start");
    JsonNode results = Invocation.json(json);
    assertThat(results.get("mode").asText()).isEqualTo(mode);
    assertThat(results.get("precision").asText()).isEqualTo(precision);
    assertThat(results.get("batch_size").asInt()).isEqualTo(images);
    assertThat(results.get("device").asText()).isIn("cpu", "gpu");
    assertThat(results.get("xla").isBoolean()).isTrue();
    double minimum = results.get("min_s").asDouble();
    double median = results.get("median_s").asDouble();
    assertThat(minimum).isPositive().isLessThanOrEqualTo(median);
    assertThat(results.get("max_s").asDouble()).isGreaterThanOrEqualTo(median);
    assertThat(results.get("runs_s")).hasSize(3);
    assertThat(results.get("time_to_first_result_s").asDouble())
        .isGreaterThan(results.get("first_s").asDouble());
    if (mode.equals("build")) {
      assertThat(results.get("images_per_second").asDouble()).isZero();
    } else {
      assertThat(results.get("images_per_second").asDouble() * median)
          .isCloseTo(images, within(1e-6));
    }
  }

  @Test
  void loadsData() throws Exception {
    ColorFolder.write(directory.resolve("data"));
    Path json = directory.resolve("bench.json");
    Invocation invocation =
        bench("input", "--data", directory.resolve("data"), "--threads", 1, "--json", json);
    assertThat(invocation.err()).isEmpty();
    assertThat(invocation.code()).isZero();
    assertThat(Invocation.json(json).get("images_per_second").asDouble()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "predict"})
  void writesAProfile(String mode) throws Exception {
    Path trace = directory.resolve("trace.json");
    Invocation invocation = bench(mode, "--profile", trace);
    assertThat(invocation.code()).isZero();
    assertThat(invocation.out()).contains("Conv2D", "Profile: " + trace);
    JsonNode events = Invocation.json(trace).get("traceEvents");
    Set<String> operations = new HashSet<>();
    double[][] rows = new double[1000][];
    for (JsonNode event : events) {
      if (event.get("ph").asText().equals("X")) {
        operations.add(event.get("name").asText());
        double start = event.get("ts").asDouble();
        double end = start + event.get("dur").asDouble();
        double[] before = rows[event.get("tid").asInt()];
        assertThat(before == null || before[1] <= start).as("one at a time in a row").isTrue();
        rows[event.get("tid").asInt()] = new double[] {start, end};
      }
    }
    assertThat(operations).anyMatch(operation -> operation.contains("Conv2D"));
  }

  @Test
  void explainsWhatIsWrong() {
    assertMisused(bench("input"), "--mode input needs --data");
    assertMisused(
        Invocation.of(MODEL, "bench", "--mode", "train", "--steps", 0),
        "--steps must be at least 1");
    assertMisused(bench("predict", "--size", "12"), "--size is 12; it must be like 375x500");
    assertMisused(bench("build", "--profile", directory.resolve("p")), "train and predict");
    assertMisused(bench("train", "--batch-size", 0), "batch size is 0");
    assertMisused(bench("fly"), "expected one of [TRAIN, PREDICT, INPUT, BUILD, EXCHANGE]");
    assertMisused(bench("exchange"), "--mode exchange needs --workers N, or --hosts");
    assertMisused(
        bench("predict", "--workers", 2), "--workers and --hosts are for the modes train and");
  }

  private static void assertMisused(Invocation invocation, String message) {
    assertThat(invocation.err()).startsWith("error: ").contains(message);
    assertThat(invocation.code()).isEqualTo(AtrousCli.USAGE);
  }
}
