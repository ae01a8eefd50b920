package dev.atrous.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.atrous.runtime.AtrousException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;

/** What happens in a fresh JVM. */
class NativeLibraryTest {
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  /** What the JVM of a test runs: loads TensorFlow and XLA and runs a session. */
  public static final class Main {
    public static void main(String[] arguments) {
      try {
        NativeLibrary.load();
        Xla.load(Device.CPU);
        try (Graph graph = new Graph()) {
          Ops tf = Ops.create(graph);
          try (Session session = new Session(graph)) {
            session.runner().fetch(tf.constant(1f)).run().close();
          }
        }
        System.out.println("done");
      } catch (AtrousException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  private static String[] run(Path directory, String classPath, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", classPath, Main.class.getName()));
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertThat(process.waitFor()).isZero();
    return new String[] {Files.readString(out), Files.readString(err)};
  }

  @Test
  void startsWithoutPrinting(@TempDir Path directory) throws Exception {
    assumeThat(System.getProperty("os.name")).doesNotContain("Windows");
    String[] output = run(directory, CLASS_PATH, "-Datrous.verbose=false");
    assertThat(output[0]).isEqualTo("done\n");
    assertThat(output[1]).isEmpty();
    String[] verbose = run(directory, CLASS_PATH, "-Datrous.verbose=true");
    assertThat(verbose[0]).isEqualTo("done\n");
    assertThat(verbose[1]).contains("XLA service");
  }

  @Test
  void aMissingLibraryIsExplained(@TempDir Path directory) throws Exception {
    String without =
        Arrays.stream(CLASS_PATH.split(File.pathSeparator, -1))
            .filter(entry -> !entry.contains("tensorflow-core-native-1.1.0-"))
            .collect(Collectors.joining(File.pathSeparator));
    assertThat(without).isNotEqualTo(CLASS_PATH);
    String[] output = run(directory, without, "-Dorg.bytedeco.javacpp.cachedir=" + directory);
    assertThat(output[0])
        .startsWith("TensorFlow's native library for ")
        .contains("<groupId>org.tensorflow</groupId>")
        .contains("<artifactId>tensorflow-core-native</artifactId>")
        .contains("<version>1.1.0</version>")
        .contains("<classifier>" + NativeLibrary.classifier() + "</classifier>");
  }

  @Test
  void devicesAreFound() {
    assertThat(NativeLibrary.deviceTypes()).contains("CPU");
    assertThat(Device.CPU.resolve()).isEqualTo(Device.CPU);
    assumeThat(NativeLibrary.deviceTypes()).doesNotContain("GPU");
    assertThat(Device.AUTO.resolve()).isEqualTo(Device.CPU);
    assertThatThrownBy(Device.GPU::resolve)
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("built for CPUs")
        .hasMessageContaining("linux-x86_64-gpu");
  }
}
