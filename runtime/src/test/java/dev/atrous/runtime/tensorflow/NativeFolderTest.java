package dev.atrous.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeFolderTest {
  private static final String PROPERTY = "org.bytedeco.javacpp.cachedir";
  private static final List<String> MOUNTS =
      List.of(
          "/dev/vda / ext4 rw,relatime 0 0",
          "tmpfs /tmp tmpfs rw,nosuid,noexec,size=1g 0 0",
          "tmpfs /tmp/lib tmpfs rw 0 0",
          "tmpfs /twice tmpfs rw 0 0",
          "tmpfs /twice tmpfs rw,noexec 0 0",
          "tmpfs /a\\040b tmpfs rw,noexec 0 0");

  @Test
  void theNearestMountDecides() {
    assertThat(NativeFolder.isNoExec(Path.of("/home/me"), MOUNTS)).isFalse();
    assertThat(NativeFolder.isNoExec(Path.of("/tmpfolder"), MOUNTS)).isFalse();
    assertThat(NativeFolder.isNoExec(Path.of("/tmp"), MOUNTS)).isTrue();
    assertThat(NativeFolder.isNoExec(Path.of("/tmp/other"), MOUNTS)).isTrue();
    assertThat(NativeFolder.isNoExec(Path.of("/tmp/lib/cache"), MOUNTS)).isFalse();
    assertThat(NativeFolder.isNoExec(Path.of("/twice"), MOUNTS)).isTrue();
    assertThat(NativeFolder.isNoExec(Path.of("/a b/c"), MOUNTS)).isTrue();
    assertThat(NativeFolder.isNoExec(Path.of("/tmp"), List.of("", "nonsense"))).isFalse();
  }

  @Test
  void problemsSayWhatToDo(@TempDir Path folder) throws Exception {
    NativeFolder fine = new NativeFolder(folder.resolve("new/cache"), PROPERTY);
    assertThat(fine.problem(1)).isEmpty();
    assertThat(folder.resolve("new")).doesNotExist();
    assertThat(fine.problem(Long.MAX_VALUE))
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .contains(folder.resolve("new/cache") + " has ")
                    .contains(" left, and 9223372036.9 GB are needed. Make room, or choose")
                    .endsWith("-D" + PROPERTY + "=FOLDER."));
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(new NativeFolder(file, PROPERTY).problem(0))
        .hasValueSatisfying(text -> assertThat(text).contains(file + " can't be written: "));
    assertThat(new NativeFolder(folder.resolve("none"), "java.io.tmpdir").problem(0))
        .hasValueSatisfying(text -> assertThat(text).contains("none is not there. Make it, or"));
  }

  @Test
  void countsWhatIsNotYetUnpacked(@TempDir Path folder) throws Exception {
    Path jar = folder.resolve("libs.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      entry(zip, "org/libs/liba.so", 1_000);
      entry(zip, "org/libs/libb.so", 200);
      entry(zip, "org/libs/LICENSE", 30);
      entry(zip, "org/libs/deeper/libc.so", 4);
    }
    URL library = URI.create("jar:" + jar.toUri() + "!/org/libs/liba.so").toURL();
    NativeFolder cache = new NativeFolder(folder.resolve("cache"), PROPERTY);
    assertThat(cache.toUnpack(library, name -> true)).isEqualTo(1_230);
    assertThat(cache.toUnpack(library, name -> name.startsWith("lib"))).isEqualTo(1_200);
    Path unpacked = Files.createDirectories(folder.resolve("cache/libs.jar/org/libs"));
    Files.write(unpacked.resolve("liba.so"), new byte[1_000]);
    Files.write(unpacked.resolve("libb.so"), new byte[199]);
    assertThat(cache.toUnpack(library, name -> true)).isEqualTo(230);
    assertThat(cache.toUnpack(jar.toUri().toURL(), name -> true)).isZero();
  }

  private static void entry(ZipOutputStream zip, String name, int size) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(new byte[size]);
    zip.closeEntry();
  }
}
