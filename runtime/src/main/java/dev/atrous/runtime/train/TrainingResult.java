package dev.atrous.runtime.train;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a training run ended.
 *
 * @param step steps done, those of resumed runs included; less than asked for if the thread was
 *     interrupted, or validations brought nothing better
 * @param loss mean loss of this run's last 100 steps; NaN if the run had no step to do
 * @param imagesPerSecond over all steps of this run, with the time to load and without validations;
 *     0 without a step
 * @param medianStepSeconds of this run's last 1000 steps, without the time to load; 0 without a
 *     step
 * @param checkpoint the prefix of the newest checkpoint; null if none was written
 * @param validated what validations found, those before the run was resumed included; null if there
 *     was none
 */
public record TrainingResult(
    long step,
    double loss,
    double imagesPerSecond,
    double medianStepSeconds,
    @Nullable Path checkpoint,
    @Nullable Validated validated) {

  /**
   * What validations found.
   *
   * @param last the newest
   * @param best that of the largest mIoU, the first of them
   * @param checkpoint the prefix of the best one's checkpoint; null if none is written
   * @param withoutBetter validations since the best
   * @param endedEarly whether that was as many as the patience, and ended the training
   */
  public record Validated(
      ValidationReport last,
      ValidationReport best,
      @Nullable Path checkpoint,
      int withoutBetter,
      boolean endedEarly) {}
}
