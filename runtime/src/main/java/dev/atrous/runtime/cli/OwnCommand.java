package dev.atrous.runtime.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The command that started this JVM: with it, another one does the same. */
final class OwnCommand {
  private static final Path LINUX = Path.of("/proc/self/cmdline");

  private OwnCommand() {}

  /**
   * The words of the command, without options that only one process at a time can have.
   *
   * @param arguments of the program, for systems that do not tell
   * @param options of the JVM to add, where the command names {@code java}
   */
  static List<String> with(List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>(told().orElseGet(() -> composed(arguments)));
    command.removeIf(word -> word.startsWith("-agentlib:jdwp") || word.startsWith("-Xrunjdwp"));
    Path program = Path.of(command.get(0)).getFileName();
    if (program != null && program.toString().matches("javaw?(\\.exe)?")) {
      command.addAll(1, options);
    }
    return command;
  }

  /** As the system tells it. */
  private static Optional<List<String>> told() {
    ProcessHandle.Info info = ProcessHandle.current().info();
    Optional<List<String>> words =
        linux()
            .or(
                () ->
                    info.arguments()
                        .map(arguments -> join(info.command().orElse("java"), arguments)));
    // The first word may be relative to a folder of the past.
    return words.map(
        all ->
            join(
                info.command().orElse(all.get(0)),
                all.subList(1, all.size()).toArray(String[]::new)));
  }

  private static List<String> join(String first, String[] others) {
    List<String> words = new ArrayList<>(List.of(first));
    words.addAll(List.of(others));
    return words;
  }

  /** Java's own way cuts long commands short. */
  private static Optional<List<String>> linux() {
    try {
      String text = new String(Files.readAllBytes(LINUX), nativeCharset());
      return text.isEmpty() ? Optional.empty() : Optional.of(List.of(text.split("\0")));
    } catch (IOException e) {
      return Optional.empty(); // another system
    }
  }

  private static Charset nativeCharset() {
    @Nullable String name = System.getProperty("sun.jnu.encoding");
    return name == null ? Charset.defaultCharset() : Charset.forName(name);
  }

  /** From what the JVM knows of itself. */
  static List<String> composed(List<String> arguments) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    String classPath = System.getProperty("java.class.path", "");
    String module = System.getProperty("jdk.module.main");
    String started = System.getProperty("sun.java.command", "");
    if (module != null) {
      words.addAll(List.of("-p", System.getProperty("jdk.module.path", ""), "-m"));
      words.add(module + "/" + System.getProperty("jdk.module.main.class"));
    } else if (!classPath.isEmpty() && started.startsWith(classPath)) {
      words.addAll(List.of("-jar", classPath));
    } else {
      words.addAll(List.of("-cp", classPath, started.split(" ", 2)[0]));
    }
    words.addAll(arguments);
    return words;
  }
}
