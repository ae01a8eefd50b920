package dev.atrous.runtime.train;

import java.time.Duration;

/**
 * What is known after a training step.
 *
 * @param step steps done, this one included; from 1
 * @param steps steps of the full run
 * @param loss mean cross-entropy over the labelled pixels of the step's batch
 * @param learningRate of the step
 * @param imagesPerSecond mean of the last steps, with the time to load
 * @param remaining time to the end at that speed
 */
public record StepReport(
    long step,
    long steps,
    float loss,
    double learningRate,
    double imagesPerSecond,
    Duration remaining) {}
