package dev.atrous.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FileNamesTest {
  @Test
  void namesThatNoFileCanHaveAreTold() {
    assertThat(FileNames.resolve(Path.of("a"), "b.jpg")).isEqualTo(Path.of("a", "b.jpg"));
    assertThatThrownBy(() -> FileNames.resolve(Path.of("a"), "b\0.jpg"))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("can't be the name of a file");
  }

  /** Run in a JVM of its own, whose locale knows ASCII alone. */
  static final class Resolving {
    private Resolving() {}

    public static void main(String[] args) {
      try {
        FileNames.resolve(Path.of("a"), "gr\u00fcn.jpg");
      } catch (AtrousException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void aLocaleWithoutTheCharactersIsTold() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dsun.jnu.encoding=ANSI_X3.4-1968",
            "-cp",
            System.getProperty("java.class.path"),
            Resolving.class.getName());
    builder.environment().put("LC_ALL", "C");
    Process process = builder.redirectErrorStream(true).start();
    String out =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(out).contains("can't be the name of a file", "set LC_ALL=C.UTF-8");
  }
}
