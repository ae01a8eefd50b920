package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code describe} in a JVM of its own, that logs which classes it loads. */
class DescribeLoadsNothingTest {
  private static final long SECONDS = 60;

  /** What the other JVM runs. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) {
      AtrousCli.run(args, NamedModel.of("Tiny"));
    }
  }

  @Test
  void theNativeLibraryIsNotTouched(@TempDir Path folder) throws Exception {
    Path log = folder.resolve("classes.log");
    Path page = folder.resolve("tiny.html");
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xlog:class+load:file=" + log,
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                "describe",
                "--html",
                page.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out.txt").toFile())
            .start();
    try {
      assertThat(java.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(java.exitValue()).isZero();
    } finally {
      java.destroyForcibly();
    }
    assertThat(page).isNotEmptyFile();
    List<String> classes = Files.readAllLines(log);
    assertThat(classes).anyMatch(line -> line.contains("dev.atrous.runtime.describe.ModelPage"));
    assertThat(classes)
        .noneMatch(line -> line.contains(" org.tensorflow.TensorFlow "))
        .noneMatch(line -> line.contains(" org.tensorflow.internal."))
        .noneMatch(line -> line.contains(" org.bytedeco."));
  }
}
