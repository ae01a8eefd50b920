package dev.atrous.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.runtime.OtherJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnCommandTest {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private final Path folder;

  OwnCommandTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** Prints its command, a word a line. */
  static final class Main {
    public static void main(String[] args) {
      List<String> arguments = List.of(args);
      List<String> command =
          args[0].equals("composed")
              ? OwnCommand.composed(arguments)
              : OwnCommand.with(List.of("-Dadded=1"), arguments);
      command.forEach(System.out::println);
    }
  }

  private List<String> command(String how) throws Exception {
    List<String> options =
        List.of("-Xmx64m", "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,quiet=y");
    OtherJvm printed =
        OtherJvm.run(folder, OtherJvm.CLASS_PATH, options, Main.class, how, "--output", "a b");
    assertThat(printed.code()).as(printed.err()).isZero();
    return printed.out().lines().toList();
  }

  private static List<String> expected(String how, String... options) {
    List<String> words = new ArrayList<>(List.of(JAVA));
    words.addAll(List.of(options));
    words.addAll(List.of("-cp", OtherJvm.CLASS_PATH, Main.class.getName()));
    words.addAll(List.of(how, "--output", "a b"));
    return words;
  }

  /** A debugger's port is for one process. */
  @Test
  void isTheCommandAsItWasGiven() throws Exception {
    List<String> command = command("told");

    assertThat(Path.of(command.get(0)).toRealPath()).isEqualTo(Path.of(JAVA).toRealPath());
    assertThat(command.subList(1, command.size()))
        .isEqualTo(expected("told", "-Dadded=1", "-Xmx64m").subList(1, command.size()));
  }

  @Test
  void isComposedWhereTheSystemDoesNotTell() throws Exception {
    List<String> command = new ArrayList<>(command("composed"));

    assertThat(command.removeIf(word -> word.startsWith("-agentlib:jdwp"))).isTrue();
    assertThat(command).isEqualTo(expected("composed", "-Xmx64m"));
  }
}
