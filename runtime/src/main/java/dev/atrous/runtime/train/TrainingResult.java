package dev.atrous.runtime.train;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a training run ended.
 *
 * @param step steps done, those of resumed runs included; less than asked for if the thread was
 *     interrupted
 * @param loss mean loss of this run's last 100 steps; NaN if the run had no step to do
 * @param imagesPerSecond over all steps of this run, with the time to load; 0 without a step
 * @param medianStepSeconds of this run's last 1000 steps, without the time to load; 0 without a
 *     step
 * @param checkpoint the prefix of the newest checkpoint; null if none was written
 */
public record TrainingResult(
    long step,
    double loss,
    double imagesPerSecond,
    double medianStepSeconds,
    @Nullable Path checkpoint) {}
