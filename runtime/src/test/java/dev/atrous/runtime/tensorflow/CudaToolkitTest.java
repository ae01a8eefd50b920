package dev.atrous.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaToolkitTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  Path folder;

  private Path installation(String name) throws IOException {
    Path root = folder.resolve(name);
    Files.createDirectories(root.resolve("nvvm/libdevice"));
    Files.createFile(root.resolve("nvvm/libdevice/libdevice.10.bc"));
    return root;
  }

  private Path assembler(Path folder) throws IOException {
    Path file = Files.createFile(Files.createDirectories(folder).resolve("ptxas"));
    assumeThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  @Test
  void theUsersChoiceComesFirst() throws IOException {
    Path chosen = installation("chosen");
    Path home = installation("home");
    Path ptxas = assembler(installation("path").resolve("bin"));
    Map<String, String> environment =
        Map.of(
            "CUDA_HOME",
            home.toString(),
            "PATH",
            String.join(File.pathSeparator, "", "/none", folder.resolve("path/bin").toString()));
    assertThat(CudaToolkit.of(environment, chosen.toString()).folder()).hasValue(chosen);
    assertThat(CudaToolkit.of(environment, null).folder()).hasValue(home);
    assertThat(CudaToolkit.of(Map.of("PATH", environment.get("PATH")), null).folder())
        .hasValue(folder.resolve("path"));
    assertThat(CudaToolkit.of(environment, chosen.toString()).ptxas()).hasValue(ptxas);
    Path own = assembler(chosen.resolve("bin"));
    assertThat(CudaToolkit.of(environment, chosen.toString()).ptxas()).hasValue(own);
  }

  @Test
  void aFolderWithoutLibdeviceIsNoInstallation() throws IOException {
    Path second = installation("second");
    CudaToolkit toolkit = new CudaToolkit(List.of(folder.resolve("first"), second), List.of());
    assertThat(toolkit.folder()).hasValue(second);
    assertThat(toolkit.libdevice()).hasValue(second.resolve("nvvm/libdevice/libdevice.10.bc"));
    assertThat(toolkit.ptxas()).isEmpty();
    assertThat(toolkit.problem()).isEmpty();
  }

  @Test
  void withoutItXlaIsRefused() {
    CudaToolkit none = new CudaToolkit(List.of(folder), List.of(folder));
    assertThat(none.libdevice()).isEmpty();
    assertThat(none.problem())
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .contains("without libdevice.10.bc")
                    .contains("CUDA_HOME")
                    .contains("choose XLA off"));
    assertThat(Xla.problem(Device.CPU)).isEmpty();
  }
}
