package dev.atrous.runtime.cli;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.data.FolderDataset;
import dev.atrous.runtime.data.PixelFormat;
import dev.atrous.runtime.train.RunRecord;
import dev.atrous.runtime.train.ValidationPlan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** When a training validates, on what, and when that ends it. */
final class ValidationOptions {
  private static final String SPLIT = "val";

  @Option(
      names = "--validate-steps",
      paramLabel = "N",
      description =
          "Measure mIoU and loss every N steps and after the last, and keep the best weights in"
              + " the folder best of --output; default: never.")
  @Nullable Integer steps;

  @Option(names = "--validate-minutes", paramLabel = "M", description = "The same every M minutes.")
  @Nullable Double minutes;

  @Option(
      names = "--validate-split",
      paramLabel = "NAME",
      description = "Which images of --data to validate on; default: " + SPLIT + ".")
  @Nullable String split;

  @Option(
      names = "--patience",
      paramLabel = "K",
      description =
          "End the training after K validations in a row without a better mIoU; default: never.")
  @Nullable Integer patience;

  /**
   * When to validate: as the options say, or else as the run did.
   *
   * @param began of the run that is resumed, or none
   * @throws AtrousException if the options contradict each other, or a number is out of range
   */
  ValidationPlan plan(ValidationPlan began) {
    if (steps != null && minutes != null) {
      throw new AtrousException(
          "--validate-steps and --validate-minutes both say when to validate: leave out one of"
              + " them.");
    }
    if (minutes != null && !(minutes >= 0 && minutes < 1e9)) {
      throw new AtrousException("--validate-minutes is " + minutes + "; it must be at least 0.");
    }
    ValidationPlan when = began;
    if (steps != null) {
      when = ValidationPlan.everySteps(steps);
    } else if (minutes != null) {
      when = ValidationPlan.every(Duration.ofMillis(Math.round(minutes * 60_000)));
    }
    if (split != null && !when.isOn()) {
      throw new AtrousException(
          "--validate-split says what to validate on, and nothing says when: give --validate-steps"
              + " or --validate-minutes, or leave it out.");
    }
    int kept = when.isOn() ? began.patience() : 0;
    return when.withPatience(patience == null ? kept : patience);
  }

  /**
   * What to validate on, in the folder that is trained on, read in the same way.
   *
   * @param began of the run that is resumed, or none
   * @throws AtrousException if there is no such split, or its files can't be used
   */
  FolderDataset dataset(
      FolderDataset data, PixelFormat pixels, Optional<RunRecord.Validation> began) {
    String name = split == null ? began.map(RunRecord.Validation::split).orElse(SPLIT) : split;
    try {
      return FolderDataset.open(data.root(), name, data.classes(), data.reading())
          .withPixels(pixels);
    } catch (AtrousException e) {
      throw new AtrousException(
          e.getMessage() + "\nThe training is to validate on it; --validate-split takes another.",
          e);
    }
  }

  /** What a user may not expect of the images to validate on. */
  static List<String> remarks(FolderDataset training, FolderDataset validation) {
    int both = validation.sharedWith(training.root(), training.split(), training.reading());
    return both == 0
        ? List.of()
        : List.of(
            "%d of the %d images to validate on are trained on: their mIoU says little about others."
                .formatted(both, validation.size()));
  }
}
