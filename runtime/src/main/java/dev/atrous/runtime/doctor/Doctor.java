package dev.atrous.runtime.doctor;

import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.NativeAccess;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds out what this machine offers, whatever is broken on it. */
public final class Doctor {
  /** Unpacking CUDA's libraries may take a minute, on a slow disk more. */
  private static final int SECONDS = 300;

  /** System properties that decide where native libraries are looked for. */
  private static final List<String> HANDED_ON =
      List.of("org.bytedeco.", "jna.", "java.io.tmpdir", "java.library.path", "user.home");

  private static final int SHOWN_LINES = 4;

  /** Stack traces, and all but the two telling lines of a crash report of the JVM. */
  private static final Pattern NOISE =
      Pattern.compile("\\s*|#(?!  SIG|.*\\[lib).*|\\s+(@|at ).*|\\*\\*\\* Check failure stack.*");

  private final List<Finding> findings = new ArrayList<>();
  private final Device device;
  private final Consumer<String> log;

  private Doctor(Device device, Consumer<String> log) {
    this.device = device;
    this.log = log;
  }

  /**
   * Examines this machine. Native code is tried in a process of its own, so that it can't end or
   * stop this one; that takes a few seconds, and a minute where CUDA's libraries are unpacked.
   *
   * @param device that a training is to start on
   * @param log takes the lines that native code prints meanwhile
   */
  public static Diagnosis examine(Device device, Consumer<String> log) {
    return new Doctor(device, log).examine();
  }

  private Diagnosis examine() {
    Surroundings surroundings = new Surroundings(findings::add);
    attempt("system", surroundings::machine);
    attempt("processor", surroundings::processor);
    attempt("folders", surroundings::folders);
    attempt("XLA", () -> surroundings.toolkit(device));
    attempt(Probe.TENSORFLOW, this::probe);
    return new Diagnosis(device, startsOn(findings), List.copyOf(findings));
  }

  /** The device that the last finding names. */
  private static @Nullable Device startsOn(List<Finding> findings) {
    return findings.stream()
        .filter(f -> f.name().equals(Probe.STEP) && f.state() == Finding.State.OK)
        .findFirst()
        .map(f -> f.value().contains("gpu") ? Device.GPU : Device.CPU)
        .orElse(null);
  }

  private void attempt(String area, Runnable examination) {
    try {
      examination.run();
    } catch (RuntimeException | Error e) { // whatever is broken, the rest is examined
      findings.add(Finding.problem(area, "examination", "ended early", "Unexpected: " + e + "."));
    }
  }

  private void probe() {
    int before = findings.size();
    Process process;
    try {
      process = new ProcessBuilder(command(device)).start();
    } catch (IOException e) { // a run-time image without the program java
      new Probe(device, findings::add).run();
      return;
    }
    CompletableFuture<Void> errors = new CompletableFuture<>();
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    Thread reader =
        new Thread(
            () -> {
              read(process.getErrorStream(), lines::add);
              errors.complete(null);
            },
            "atrous-doctor");
    reader.setDaemon(true);
    reader.start();
    CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
    read(process.getInputStream(), line -> Finding.decode(line).ifPresent(findings::add));
    int exit = exit(process);
    errors.join();
    lines.forEach(log);
    if (exit != 0 && findings.size() == before && neverBegan(lines)) {
      new Probe(device, findings::add).run(); // classes that only this process can load
    } else if (exit != 0) {
      findings.add(ended(exit, lines));
    }
  }

  private static boolean neverBegan(List<String> lines) {
    return lines.stream().anyMatch(line -> line.contains(Probe.class.getName()));
  }

  /** That the process has ended by itself, which it does not do when all goes well. */
  static Finding ended(int exit, List<String> lines) {
    String last =
        lines.stream()
            .filter(line -> !NOISE.matcher(line).matches())
            .collect(
                Collectors.collectingAndThen(
                    Collectors.toList(),
                    all ->
                        String.join(
                            "\n", all.subList(Math.max(0, all.size() - SHOWN_LINES), all.size()))));
    String how =
        exit > 128
            ? "signal " + (exit - 128) + (exit == 128 + 9 ? ", or no answer in time" : "")
            : "exit code " + exit;
    return Finding.problem(
        Probe.TENSORFLOW,
        Probe.STEP,
        "native code ended the process that tried it (" + how + ")",
        "Native code ends the process, after what is in the table. It said last:\n" + last);
  }

  private static List<String> command(Device device) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(NativeAccess.options());
    command.add("-Xmx512m");
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-XX:ErrorFile=" + (File.separatorChar == '/' ? "/dev/null" : "NUL"));
    command.add("-D" + NativeLibrary.VERBOSE_PROPERTY + "=true");
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> HANDED_ON.stream().anyMatch(name::startsWith))
        .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Probe.class.getName());
    command.add(device.name());
    return command;
  }

  private static void read(InputStream stream, Consumer<String> line) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      reader.lines().forEach(line);
    } catch (IOException | UncheckedIOException e) {
      // the process has ended; its exit code tells
    }
  }

  private static int exit(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return -1;
    }
  }
}
