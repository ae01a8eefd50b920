package dev.atrous.runtime.tensorflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the processor can do, as far as the operating system tells: on Linux alone. */
public final class Cpu {
  private static final Path INFO = Path.of("/proc/cpuinfo");

  private Cpu() {}

  /** Whether it has instructions (AMX) that multiply matrices of bfloat16. */
  public static boolean multipliesBfloat16Matrices() {
    return flags().contains("amx_bf16");
  }

  /**
   * Whether it can't run TensorFlow's library for this architecture, whose code needs AVX and ends
   * the process where that is missing.
   */
  static boolean lacksAvx() {
    List<String> flags = flags();
    return !flags.isEmpty() && !flags.contains("avx");
  }

  /** Names of its instruction sets and features, as Linux spells them; empty if it is not known. */
  public static List<String> flags() {
    return flags(info());
  }

  /** Its name, for people; empty if it is not known. */
  public static String name() {
    return value(info(), "model name");
  }

  private static List<String> info() {
    try {
      return Files.readAllLines(INFO);
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Of the first processor. */
  static List<String> flags(List<String> info) {
    String flags = value(info, "flags");
    return flags.isEmpty() ? List.of() : List.of(flags.split(" "));
  }

  private static String value(List<String> info, String key) {
    return info.stream()
        .filter(line -> line.startsWith(key))
        .findFirst()
        .map(line -> line.substring(line.indexOf(':') + 1).trim())
        .orElse("");
  }
}
