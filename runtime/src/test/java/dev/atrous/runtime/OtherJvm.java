package dev.atrous.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a program did in a JVM of its own.
 *
 * @param code its exit code
 * @param out its standard output
 * @param err its standard error
 */
public record OtherJvm(int code, String out, String err) {
  /** That of this JVM. */
  public static final String CLASS_PATH = System.getProperty("java.class.path");

  /**
   * Runs a program to its end.
   *
   * @param folder for files of its output
   * @param options of the JVM
   */
  public static OtherJvm run(
      Path folder, String classPath, List<String> options, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    return run(folder, Map.of(), classPath, options, main, arguments);
  }

  /** As the other, with more variables in its environment. */
  public static OtherJvm run(
      Path folder,
      Map<String, String> environment,
      String classPath,
      List<String> options,
      Class<?> main,
      String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(environment);
    int code = builder.start().waitFor();
    return new OtherJvm(code, Files.readString(out), Files.readString(err));
  }
}
