package dev.atrous.runtime.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class SharedLibraryTest {

  @Test
  void callsWhatItOpens() {
    SharedLibrary library = SharedLibrary.open("libc.so.6");
    assertThat(library.call("getpid")).isEqualTo((int) ProcessHandle.current().pid());
    assertThat(library.path()).exists();
    assertThatThrownBy(() -> library.call("no_such_function"))
        .isInstanceOf(UnsatisfiedLinkError.class)
        .hasMessage("libc.so.6 has no function no_such_function");
    library.close();
  }

  @Test
  void theSystemSaysWhyNothingIsOpened(@TempDir Path folder) throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> SharedLibrary.open("libnone.so.7"))
          .isInstanceOf(UnsatisfiedLinkError.class)
          .hasMessageStartingWith("libnone.so.7: cannot open shared object file");
    }
    Path text = Files.writeString(folder.resolve("libtext.so.1"), "text ".repeat(1_000));
    assertThatThrownBy(() -> SharedLibrary.open(text.toString()))
        .isInstanceOf(UnsatisfiedLinkError.class)
        .hasMessage(text + ": invalid ELF header");
  }
}
