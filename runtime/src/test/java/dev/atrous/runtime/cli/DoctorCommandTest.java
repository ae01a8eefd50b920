package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  private static final NamedModel[] TWO = {NamedModel.of("One"), NamedModel.of("Two")};

  @Test
  void needsNoModelAndSaysThatATrainingCanStart(@TempDir Path folder) throws Exception {
    Path json = folder.resolve("doctor.json");
    Invocation doctor = Invocation.of(TWO, "doctor", "--device", "cpu", "--json", json);
    assertThat(doctor.code()).isEqualTo(AtrousCli.OK);
    assertThat(doctor.err()).isEmpty();
    assertThat(doctor.out().lines())
        .anyMatch(line -> line.matches("Java +JDK +ok +\\d+.*"))
        .anyMatch(line -> line.matches("TensorFlow +native library +ok +2\\.18\\.\\d, for .*"))
        .anyMatch(line -> line.matches(" +a small step +ok +computed on the cpu"))
        .last()
        .isEqualTo("A training can start on the cpu.");
    JsonNode results = Invocation.json(json);
    assertThat(results.get("device").asText()).isEqualTo("cpu");
    assertThat(results.get("can_start").asBoolean()).isTrue();
    assertThat(results.get("starts_on").asText()).isEqualTo("cpu");
    JsonNode first = results.at("/findings/0");
    assertThat(first.fieldNames())
        .toIterable()
        .containsExactly("area", "name", "state", "found", "advice");
    assertThat(first.get("state").asText()).isEqualTo("ok");
  }

  @Test
  void aMissingGpuIsTheReasonAndTheExitCode() {
    Invocation doctor = Invocation.of(TWO, "doctor", "--device", "gpu", "--json", "-");
    assumeThat(doctor.code()).isNotEqualTo(AtrousCli.OK); // there is a GPU
    assertThat(doctor.code()).isEqualTo(AtrousCli.FAILED);
    assertThat(doctor.out()).startsWith("{").contains("\"starts_on\" : null");
    assertThat(doctor.err())
        .contains("problem: TensorFlow, a small step: The device is gpu, and there is none.")
        .doesNotContain("The command doctor")
        .endsWith(String.format("A training can't start on the gpu.%n"));
  }

  @Test
  void hasNoOptionForModels() {
    assertThat(Invocation.of(TWO, "doctor", "--model", "One").code()).isEqualTo(AtrousCli.USAGE);
  }
}
