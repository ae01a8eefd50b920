package dev.atrous.runtime.tensorflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the processor can do, as far as the operating system tells. */
public final class Cpu {
  private static final Path INFO = Path.of("/proc/cpuinfo");

  private Cpu() {}

  /** Whether it has instructions (AMX) that multiply matrices of bfloat16; on Linux alone. */
  public static boolean multipliesBfloat16Matrices() {
    try {
      return flags(Files.readAllLines(INFO)).contains("amx_bf16");
    } catch (IOException e) {
      return false;
    }
  }

  /** Of the first processor. */
  static List<String> flags(List<String> info) {
    return info.stream()
        .filter(line -> line.startsWith("flags"))
        .findFirst()
        .map(line -> List.of(line.substring(line.indexOf(':') + 1).trim().split(" ")))
        .orElse(List.of());
  }
}
