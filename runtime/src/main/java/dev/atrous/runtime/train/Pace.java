package dev.atrous.runtime.train;

import java.time.Duration;
import java.util.Arrays;

/** Losses and times of the last steps of a run; its size does not grow with the run. */
final class Pace {
  private static final int LOSSES = 100;
  private static final int TIMES = 1000;
  private static final int RECENT = 20;

  private final long start = System.nanoTime();
  private long leftOut; // of the clock
  private final float[] losses = new float[LOSSES];
  private final double[] stepSeconds = new double[TIMES];
  private final long[] ends = new long[RECENT + 1];
  private int steps;

  Pace() {
    ends[0] = start;
  }

  /**
   * Adds a step that ends now.
   *
   * @param seconds of the step itself, without the time to load
   */
  void add(float loss, double seconds) {
    losses[steps % LOSSES] = loss;
    stepSeconds[steps % TIMES] = seconds;
    steps++;
    ends[steps % ends.length] = System.nanoTime() - leftOut;
  }

  /** Does not count time that went to something else than steps, in nanoseconds. */
  void leaveOut(long time) {
    leftOut += time;
  }

  /** Seconds that a step took lately, with the time to load; needs a step. */
  double recentSeconds() {
    int count = Math.min(steps, RECENT);
    long begin = ends[(steps - count) % ends.length];
    return (ends[steps % ends.length] - begin) / 1e9 / count;
  }

  Duration remaining(long stepsLeft) {
    return Duration.ofMillis(Math.round(recentSeconds() * stepsLeft * 1000));
  }

  double meanLoss() {
    int count = Math.min(steps, LOSSES);
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += losses[i];
    }
    return sum / count;
  }

  double medianStepSeconds() {
    double[] sorted = Arrays.copyOf(stepSeconds, Math.min(steps, TIMES));
    Arrays.sort(sorted);
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }

  /** Over the whole run; 0 without a step. */
  double stepsPerSecond() {
    return steps == 0 ? 0 : steps * 1e9 / (ends[steps % ends.length] - start);
  }
}
