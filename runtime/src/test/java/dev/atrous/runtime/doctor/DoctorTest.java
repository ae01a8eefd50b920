package dev.atrous.runtime.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.OtherJvm;
import dev.atrous.runtime.tensorflow.Device;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {

  /**
   * What the JVM of a test runs: prints what is found. A second argument is what is taken for the
   * class path.
   */
  public static final class Main {
    private Main() {}

    public static void main(String[] arguments) {
      if (arguments.length > 1) {
        System.setProperty("java.class.path", arguments[1]);
      }
      Diagnosis diagnosis = Doctor.examine(Device.valueOf(arguments[0]), line -> {});
      diagnosis.findings().forEach(System.out::println);
      System.out.println("starts on " + diagnosis.startsOn() + ", " + diagnosis.canStart());
    }
  }

  @Test
  void aFindingSurvivesItsLine() {
    Finding finding =
        Finding.problem("TensorFlow", "a\tb", "C:\\new\\tmp", "first\nsecond \\n \"third\" é");
    assertThat(finding.encode()).doesNotContain("\n");
    assertThat(Finding.decode(finding.encode())).hasValue(finding);
    assertThat(Finding.decode("2026-11-27 03:56:45: I tensorflow")).isEmpty();
  }

  @Test
  void theLastWordsOfAProcessAreKept() {
    Finding ended =
        Doctor.ended(
            134,
            List.of(
                "I0000 00:00:1795754934.688517   24706 gpu_device.cc:2022] Created device",
                "F tensorflow/core/framework/tensor.cc:847] Check failed: IsAligned()",
                "*** Check failure stack trace: ***",
                "    @     0x7fce62c67bc4  absl::log_internal::LogMessage::SendToLog()",
                "",
                "#  SIGSEGV (0xb) at pc=0x00007fdd2cb4e2cf, pid=22668, tid=22669",
                "# JRE version: OpenJDK"));
    assertThat(ended.state()).isEqualTo(Finding.State.PROBLEM);
    assertThat(ended.value()).contains("signal 6");
    assertThat(ended.advice())
        .contains("Check failed: IsAligned()")
        .contains("SIGSEGV")
        .doesNotContain("SendToLog")
        .doesNotContain("JRE");
  }

  @Test
  void aTrainingStartsOnTheCpu() {
    Diagnosis diagnosis = Doctor.examine(Device.CPU, line -> {});
    assertThat(diagnosis.findings())
        .extracting(Finding::area)
        .contains("Java", "system", "processor", "folders", "GPU", "TensorFlow");
    assertThat(diagnosis.startsOn()).isEqualTo(Device.CPU);
    assertThat(diagnosis.canStart()).isTrue();
  }

  @Test
  void withoutTheLibraryNoTrainingStarts(@TempDir Path folder) throws Exception {
    String without =
        Arrays.stream(OtherJvm.CLASS_PATH.split(File.pathSeparator, -1))
            .filter(entry -> !entry.contains("tensorflow-core-native-1.1.0-"))
            .collect(Collectors.joining(File.pathSeparator));
    OtherJvm other = OtherJvm.run(folder, without, List.of(), Main.class, "CPU");
    assertThat(other.code()).as(other.err()).isZero();
    assertThat(other.out())
        .contains("native library, state=PROBLEM, value=none on the class path")
        .contains("<artifactId>tensorflow-core-native</artifactId>")
        .endsWith("starts on null, false\n");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aDriverThatIsATextIsNoDriver(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("libcuda.so.1"), "text ".repeat(1_000));
    OtherJvm other =
        OtherJvm.run(
            folder,
            Map.of("LD_LIBRARY_PATH", folder.toString()),
            OtherJvm.CLASS_PATH,
            List.of(),
            Main.class,
            "GPU");
    assertThat(other.out())
        .contains("name=driver, state=PROBLEM")
        .contains("libcuda.so.1: invalid ELF header")
        .endsWith("starts on null, false\n");
  }

  @Test
  void brokenFoldersAreFindings(@TempDir Path folder) throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    OtherJvm other =
        OtherJvm.run(
            folder,
            OtherJvm.CLASS_PATH,
            List.of(
                "-Dorg.bytedeco.javacpp.cachedir=" + file.resolve("cache"),
                "-Duser.home=" + file,
                "-Djava.io.tmpdir=" + file),
            Main.class,
            "CPU");
    assertThat(other.code()).as(other.err()).isZero();
    assertThat(other.out())
        .contains("name=native libraries, state=PROBLEM")
        .contains("name=temporary files, state=MISSING")
        .endsWith("starts on null, false\n");
  }

  @Test
  void classesThatOnlyThisProcessFindsAreTriedInIt(@TempDir Path folder) throws Exception {
    OtherJvm other =
        OtherJvm.run(
            folder,
            OtherJvm.CLASS_PATH,
            List.of(),
            Main.class,
            "CPU",
            folder.resolve("none").toString());
    assertThat(other.code()).as(other.err()).isZero();
    assertThat(other.out()).endsWith("starts on CPU, true\n");
  }
}
