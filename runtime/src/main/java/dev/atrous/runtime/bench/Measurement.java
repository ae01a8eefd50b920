package dev.atrous.runtime.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * How long a workload takes.
 *
 * @param timeToFirstResult from the start of this process until the first run was over, in seconds;
 *     empty where the system does not tell when that was
 * @param firstRun duration of the first run, which allocates memory and prepares kernels, in
 *     seconds
 * @param runs durations of the measured runs, in seconds, ascending
 * @param imagesPerSecond at the median; 0 for work without images
 * @param peakResident largest resident memory of this process so far, in MB (10^6 bytes); empty
 *     where the system does not tell
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record Measurement(
    OptionalDouble timeToFirstResult,
    double firstRun,
    double[] runs,
    double imagesPerSecond,
    OptionalDouble peakResident) {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path PROCESS = Path.of("/proc/self/stat");
  private static final Path UPTIME = Path.of("/proc/uptime");
  private static final double TICKS_PER_SECOND = 100; // Linux's USER_HZ

  /**
   * Measures a workload: a first run, further ones to warm up, then those that count.
   *
   * @param warmup runs that do not count, after the first
   * @param count runs that do, at least 1
   */
  public static Measurement of(Workload work, int warmup, int count) {
    double first = seconds(work);
    OptionalDouble toFirst = sinceStart();
    for (int i = 0; i < warmup; i++) {
      work.run();
    }
    double[] runs = new double[count];
    for (int i = 0; i < count; i++) {
      runs[i] = seconds(work);
    }
    Arrays.sort(runs);
    return new Measurement(toFirst, first, runs, work.images() / median(runs), highWaterMark());
  }

  private static double seconds(Workload work) {
    long begin = System.nanoTime();
    work.run();
    return (System.nanoTime() - begin) / 1e9;
  }

  /** The median of the runs, in seconds. */
  public double median() {
    return median(runs);
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The fastest run, in seconds. */
  public double minimum() {
    return runs[0];
  }

  /** The slowest run, in seconds. */
  public double maximum() {
    return runs[runs.length - 1];
  }

  /**
   * Seconds since this process began. On Linux by the kernel's own clock: what Java knows of the
   * start is rounded to seconds there.
   */
  private static OptionalDouble sinceStart() {
    if (Files.isReadable(PROCESS)) {
      try {
        String[] process = Files.readString(PROCESS).split("\\) ", -1);
        String began = process[process.length - 1].split(" ", -1)[19];
        String now = Files.readString(UPTIME).split(" ", -1)[0];
        return OptionalDouble.of(
            Double.parseDouble(now) - Double.parseDouble(began) / TICKS_PER_SECOND);
      } catch (IOException e) {
        return OptionalDouble.empty();
      }
    }
    return ProcessHandle.current().info().startInstant().stream()
        .mapToDouble(start -> Duration.between(start, Instant.now()).toNanos() / 1e9)
        .findFirst();
  }

  /** Linux's high-water mark of the resident set. */
  private static OptionalDouble highWaterMark() {
    if (!Files.isReadable(STATUS)) {
      return OptionalDouble.empty();
    }
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6)
          .findFirst();
    } catch (IOException e) {
      return OptionalDouble.empty();
    }
  }
}
