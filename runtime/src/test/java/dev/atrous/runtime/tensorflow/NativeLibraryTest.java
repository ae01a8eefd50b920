package dev.atrous.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.OtherJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;

/** What happens in a fresh JVM. */
class NativeLibraryTest {
  private static final String CLASS_PATH = OtherJvm.CLASS_PATH;
  private static final int JDK = Runtime.version().feature();

  /** What the README says for JDK 24 and newer, whose future default is asked for here. */
  private static final List<String> NATIVE_ACCESS =
      JDK < 24
          ? List.of()
          : List.of(
              "--illegal-native-access=deny",
              "--enable-native-access=ALL-UNNAMED",
              "--sun-misc-unsafe-memory-access=allow");

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

  private static OtherJvm run(Path directory, String classPath, String... options)
      throws IOException, InterruptedException {
    OtherJvm other = OtherJvm.run(directory, classPath, List.of(options), Main.class);
    assertThat(other.code()).isZero();
    return other;
  }

  @Test
  void startsWithoutPrinting(@TempDir Path directory) throws Exception {
    assumeThat(System.getProperty("os.name")).doesNotContain("Windows");
    OtherJvm output = run(directory, CLASS_PATH, with("-Datrous.verbose=false"));
    assertThat(output.out()).isEqualTo("done\n");
    assertThat(output.err()).isEmpty();
    OtherJvm verbose = run(directory, CLASS_PATH, with("-Datrous.verbose=true"));
    assertThat(verbose.out()).isEqualTo("done\n");
    assertThat(verbose.err()).contains("XLA service");
  }

  private static String[] with(String option) {
    return Stream.concat(NATIVE_ACCESS.stream(), Stream.of(option)).toArray(String[]::new);
  }

  @Test
  void deniedNativeAccessIsExplained(@TempDir Path directory) throws Exception {
    assumeThat(JDK).isGreaterThanOrEqualTo(24);
    OtherJvm output = run(directory, CLASS_PATH, "--illegal-native-access=deny");
    assertThat(output.out())
        .contains(
            "could not be loaded",
            "This JVM denies native access. Start it with --enable-native-access=ALL-UNNAMED.")
        .doesNotContain("<dependency>", "Delete");
  }

  @Test
  void aMissingLibraryIsExplained(@TempDir Path directory) throws Exception {
    String without =
        Arrays.stream(CLASS_PATH.split(File.pathSeparator, -1))
            .filter(entry -> !entry.contains("tensorflow-core-native-1.1.0-"))
            .collect(Collectors.joining(File.pathSeparator));
    assertThat(without).isNotEqualTo(CLASS_PATH);
    OtherJvm output = run(directory, without, "-Dorg.bytedeco.javacpp.cachedir=" + directory);
    assertThat(output.out())
        .startsWith("TensorFlow's native library for ")
        .contains("<groupId>org.tensorflow</groupId>")
        .contains("<artifactId>tensorflow-core-native</artifactId>")
        .contains("<version>1.1.0</version>")
        .contains("<classifier>" + NativeLibrary.classifier() + "</classifier>");
  }

  @Test
  void aFolderThatIsNoneIsExplained(@TempDir Path directory) throws Exception {
    assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
    // Every folder that JavaCPP tries lies below a file.
    Path file = Files.createFile(directory.resolve("file"));
    OtherJvm output =
        run(
            directory,
            CLASS_PATH,
            "-Dorg.bytedeco.javacpp.cachedir=" + file.resolve("cache"),
            "-Duser.home=" + file,
            "-Djava.io.tmpdir=" + file);
    assertThat(output.out())
        .contains("could not be loaded")
        .contains(file.resolve("cache") + " can't be written")
        .contains("-Dorg.bytedeco.javacpp.cachedir=FOLDER")
        .doesNotContain("<dependency>");
  }

  @Test
  void jnaThatDoesNotLoadIsNoObstacle(@TempDir Path directory) throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    OtherJvm output = run(directory, CLASS_PATH, "-Djna.tmpdir=" + file);
    assertThat(output.out()).isEqualTo("done\n");
    assertThat(output.err())
        .containsOnlyOnce("--threads may not hold")
        .contains("is unpacked to " + file + "; -Djna.tmpdir=FOLDER");
  }

  /** JNA's own folders are of no use; TensorFlow's is. */
  @Test
  void aFolderForTensorFlowIsEnough(@TempDir Path directory) throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    OtherJvm output =
        OtherJvm.run(
            directory,
            Map.of("XDG_CACHE_HOME", file.toString()),
            CLASS_PATH,
            List.of(
                "-Dorg.bytedeco.javacpp.cachedir=" + NativeFolder.cache().path(),
                "-Duser.home=" + file,
                "-Djava.io.tmpdir=" + file,
                "-Datrous.verbose=false"),
            Settings.class);
    assertThat(output.out()).as(output.err()).isEqualTo("done\n");
    assertThat(output.err()).doesNotContain("may not hold", "oneDNN");
  }

  /** Loads TensorFlow alone. */
  static final class Settings {
    private Settings() {}

    public static void main(String[] arguments) {
      NativeLibrary.load();
      System.out.println("done");
    }
  }

  @Test
  void anotherLibcIsExplained(@TempDir Path root) throws IOException {
    assertThat(NativeLibrary.otherLibc(root)).isEmpty();
    Path lib = Files.createDirectory(root.resolve("lib"));
    assertThat(NativeLibrary.otherLibc(root)).isEmpty();
    Files.createFile(lib.resolve("ld-musl-x86_64.so.1"));
    assertThat(NativeLibrary.otherLibc(root).orElseThrow()).contains("musl", "glibc");
  }

  @Test
  void aFileOfXlaFlagsRemains(@TempDir Path directory) throws Exception {
    Path flags =
        Files.writeString(directory.resolve("flags.txt"), "--xla_dump_to=" + directory + "/dump");
    OtherJvm output =
        OtherJvm.run(
            directory, Map.of("XLA_FLAGS", flags.toString()), CLASS_PATH, List.of(), Main.class);
    assertThat(output.out()).isEqualTo("done\n");
    assertThat(directory.resolve("dump")).isNotEmptyDirectory();
  }

  @Test
  void aWrongXlaFlagIsNamed(@TempDir Path directory) throws Exception {
    assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
    OtherJvm output =
        OtherJvm.run(
            directory,
            Map.of("XLA_FLAGS", "--xla_no_such_flag=1"),
            CLASS_PATH,
            List.of(),
            Main.class);
    assertThat(output.code()).isNotZero(); // XLA ends the process
    assertThat(output.err()).contains("--xla_no_such_flag=1");
  }

  @Test
  void theFlagsForAGpuAreKnownToEveryLibrary(@TempDir Path directory) throws Exception {
    OtherJvm output =
        OtherJvm.run(
            directory,
            Map.of(
                "XLA_FLAGS",
                "--xla_gpu_unsafe_fallback_to_driver_on_ptxas_not_found=true"
                    + " --xla_gpu_cuda_data_dir=/none"),
            CLASS_PATH,
            List.of(),
            Main.class);
    assertThat(output.out()).isEqualTo("done\n");
  }

  /** Lines of TensorFlow 2.18 built for GPUs. */
  @Test
  void greetingsAreTold() {
    assertThat(
            List.of(
                "E0000 00:00:1795751678.430877   15194 cuda_dnn.cc:8310] Unable to register cuDNN"
                    + " factory: Attempting to register factory for plugin cuDNN when one has"
                    + " already been registered",
                "2026-11-27 03:56:45.531779: E external/local_xla/xla/stream_executor/cuda/"
                    + "cuda_fft.cc:477] Unable to register cuFFT factory: Attempting to register",
                "I0000 00:00:1795751805.880420   17262 gpu_device.cc:2022] Created device",
                "WARNING: All log messages before absl::InitializeLog() is called are written"))
        .allMatch(NativeEnvironment::isChatter);
    assertThat(
            List.of(
                "E0000 00:00:1795753503.047590    2908 cuda_dnn.cc:502] There was an error",
                "F0000 00:00:1795753503.047590    2908 tensor.cc:847] Check failed",
                "# A fatal error has been detected by the Java Runtime Environment:"))
        .noneMatch(NativeEnvironment::isChatter);
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
