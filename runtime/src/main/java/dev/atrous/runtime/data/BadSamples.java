package dev.atrous.runtime.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Samples of a data set that can't be used and are left out, where that is not to be an error: see
 * {@link FolderDataset#open(java.nio.file.Path, String, int, FolderDataset.Reading, BadSamples)}.
 * May be used by several threads at once.
 */
public final class BadSamples {
  /**
   * A sample that is left out.
   *
   * @param sample its name
   * @param problem what is wrong with its image or mask, and what to do; whole sentences
   */
  public record Bad(String sample, String problem) {}

  private final Consumer<String> told;
  private final Map<Sample, Bad> all = new LinkedHashMap<>();

  /**
   * @param told is told each that is found, once, in sentences; by one thread at a time
   */
  public BadSamples(Consumer<String> told) {
    this.told = told;
  }

  /** Those that were found so far, in the order in which they were. */
  public synchronized List<Bad> all() {
    return List.copyOf(all.values());
  }

  synchronized boolean has(Sample sample) {
    return all.containsKey(sample);
  }

  synchronized void add(Sample sample, UnusableFile why) {
    Bad bad = new Bad(sample.id(), why.fact() + ". " + why.advice());
    if (all.putIfAbsent(sample, bad) == null) {
      told.accept("left out: " + bad.problem());
    }
  }

  /**
   * As {@link FolderDataset.Checking}: what does not pass is left out.
   *
   * @throws dev.atrous.runtime.AtrousException if nothing passes
   */
  void check(String name, List<Sample> samples, Consumer<Sample> check) {
    Map<Sample, UnusableFile> problems = SampleChecks.problems(samples, check);
    if (problems.size() == samples.stream().distinct().count()) {
      throw SampleChecks.unusable(name, problems.size(), problems.values());
    }
    problems.forEach(this::add);
  }
}
