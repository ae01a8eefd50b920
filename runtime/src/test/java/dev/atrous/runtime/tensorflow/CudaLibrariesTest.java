package dev.atrous.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.atrous.runtime.OtherJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class CudaLibrariesTest {
  private static final String FOLDER = "org/bytedeco/cuda/linux-x86_64/";

  /** What the JVM of a test runs. */
  public static final class Main {
    private Main() {}

    public static void main(String[] arguments) {
      System.out.println(CudaLibraries.areOnClassPath());
      try {
        for (CudaLibraries.Found library : CudaLibraries.openAll()) {
          System.out.println(library.name() + " " + (library.problem() == null));
        }
      } catch (IOException | LinkageError e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void whatTheClassPathHasIsUnpackedAndOpened(@TempDir Path folder) throws Exception {
    Path jar = folder.resolve("cuda.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.putNextEntry(new ZipEntry(FOLDER + "libcudart.so.12"));
      zip.write("no library ".repeat(100).getBytes(StandardCharsets.US_ASCII));
      zip.closeEntry();
    }
    OtherJvm other =
        OtherJvm.run(
            folder,
            OtherJvm.CLASS_PATH + ":" + jar,
            List.of("-Dorg.bytedeco.javacpp.cachedir=" + folder.resolve("cache")),
            Main.class);
    Path unpacked = folder.resolve("cache/cuda.jar/" + FOLDER + "libcudart.so.12");
    assumeThat(other.out()).doesNotContain("libcudnn.so.9 true"); // an installed one wins
    assertThat(other.out()).isEqualTo("true\n" + unpacked + ": invalid ELF header\n");
    assertThat(unpacked).hasSize(1_100);
  }

  @Test
  void withoutThemThoseOfTheSystemCount(@TempDir Path folder) throws Exception {
    OtherJvm other = OtherJvm.run(folder, OtherJvm.CLASS_PATH, List.of(), Main.class);
    assertThat(other.out().lines()).hasSize(8).first().isEqualTo("false");
    assertThat(other.out()).contains("libcudart.so.12 ").contains("libcudnn.so.9 ");
  }

  @Test
  void whatIsMissingIsNamed() {
    CudaLibraries.Found there =
        new CudaLibraries.Found("libcufft.so.11", "11.3.0", Path.of("/lib/libcufft.so.11"), null);
    CudaLibraries.Found missing =
        new CudaLibraries.Found("libcudnn.so.9", "", null, "libcudnn.so.9: cannot open");
    assertThat(Gpu.missing(List.of(there))).isEmpty();
    assertThat(Gpu.missing(List.of(there, missing)))
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .contains("cuDNN 9: libcudnn.so.9: cannot open. Add org.bytedeco:cuda:")
                    .doesNotContain("libcufft"));
  }
}
