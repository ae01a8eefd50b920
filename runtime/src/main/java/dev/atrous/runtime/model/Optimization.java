package dev.atrous.runtime.model;

import dev.atrous.annotation.Training;

/**
 * How a training step uses the derivatives: {@code @Training} of the spec.
 *
 * @param schedule how the learning rate falls; a default
 * @param warmupSteps at the beginning, in which it rises; a default
 */
public record Optimization(Training.Schedule schedule, int warmupSteps) {
  /** The paper's. */
  public static final Optimization PAPER = new Optimization(Training.Schedule.POLY, 0);
}
