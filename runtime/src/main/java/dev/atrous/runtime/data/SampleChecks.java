package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.Interruption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Checks all samples of a data set, and reports those that fail together. */
final class SampleChecks {
  private static final int PROBLEMS_SHOWN = 5;

  private SampleChecks() {}

  /**
   * Applies a check to each sample once, in parallel, and gives those that fail in their order.
   *
   * @throws Interruption if the thread that calls is interrupted meanwhile
   */
  static Map<Sample, UnusableFile> problems(List<Sample> samples, Consumer<Sample> check) {
    List<Sample> distinct = samples.stream().distinct().toList();
    Thread caller = Thread.currentThread();
    List<Optional<UnusableFile>> found =
        distinct.parallelStream()
            .map(
                sample -> {
                  Interruption.check(caller);
                  try {
                    check.accept(sample);
                    return Optional.<UnusableFile>empty();
                  } catch (UnusableFile e) {
                    return Optional.of(e);
                  }
                })
            .toList();
    Map<Sample, UnusableFile> problems = new LinkedHashMap<>();
    for (int i = 0; i < found.size(); i++) {
      Sample sample = distinct.get(i);
      found.get(i).ifPresent(problem -> problems.put(sample, problem));
    }
    return problems;
  }

  /**
   * Applies a check to each sample once, in parallel.
   *
   * @param name of the data set
   * @throws AtrousException for all that fail in one go
   */
  static void check(String name, List<Sample> samples, Consumer<Sample> check) {
    Collection<UnusableFile> problems = problems(samples, check).values();
    if (!problems.isEmpty()) {
      throw unusable(name, samples.stream().distinct().count(), problems);
    }
  }

  /**
   * That samples of a data set can't be used.
   *
   * @param samples how many there are
   */
  static AtrousException unusable(String name, long samples, Collection<UnusableFile> all) {
    List<UnusableFile> problems = List.copyOf(all);
    List<UnusableFile> shown = problems.subList(0, Math.min(problems.size(), PROBLEMS_SHOWN));
    StringBuilder message = new StringBuilder();
    message.append(
        "Data set %s: %d of %d samples can't be used.".formatted(name, problems.size(), samples));
    shown.forEach(problem -> message.append("\n  - ").append(problem.fact()));
    if (problems.size() > PROBLEMS_SHOWN) {
      message.append("\n  and ").append(problems.size() - PROBLEMS_SHOWN).append(" more");
    }
    shown.stream()
        .map(UnusableFile::advice)
        .distinct()
        .forEach(a -> message.append('\n').append(a));
    return new AtrousException(message.toString());
  }

  /**
   * Checks the files of a sample without decoding them.
   *
   * @param source what lists the sample
   * @return what the file says of the image
   * @throws UnusableFile if a file is missing or no image, or the sizes differ
   */
  static ImageHeader header(Sample sample, Path source) {
    for (Path file : List.of(sample.image(), sample.labels().file())) {
      if (!Files.isRegularFile(file)) {
        throw new UnusableFile(
            file + " is missing",
            Files.isDirectory(source)
                ? "Add what is missing, or take the others out of " + source + "."
                : "Add what is missing, or remove the IDs from " + source + ".");
      }
    }
    ImageHeader image = ImageFiles.header(sample.image());
    ImageFiles.Size mask = sample.labels().size();
    if (!image.size().equals(mask)) {
      throw sizesDiffer(sample, image, mask);
    }
    return image;
  }

  private static UnusableFile sizesDiffer(Sample sample, ImageHeader image, ImageFiles.Size mask) {
    String fact =
        "Mask %s is %s, but image %s is %s"
            .formatted(sample.labels().file(), mask, sample.image(), image.size());
    if (mask.equals(image.stored())) {
      return new UnusableFile(
          fact + " as it is shown: EXIF says to turn it, and the mask was made without that",
          "Turn such masks like their images, or remove the orientation from the images (exiftool"
              + " -Orientation= IMAGE), so that they are shown as their masks are.");
    }
    return new UnusableFile(
        fact, "Both need the same size. Make the mask anew, or resize it without interpolation.");
  }
}
