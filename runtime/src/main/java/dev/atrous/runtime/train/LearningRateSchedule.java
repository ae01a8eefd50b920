package dev.atrous.runtime.train;

import dev.atrous.annotation.Training;

/**
 * The learning rate of each step, as {@link Training.Schedule} and {@link Training#warmupSteps}
 * define it. It depends on the number of the step alone, so that a resumed run goes on exactly.
 *
 * @param form how it falls
 * @param initial learning rate of the first step after the warm-up
 * @param steps of the full run
 * @param power greater than 0; of {@link Training.Schedule#POLY}
 * @param warmupSteps at least 0, less than {@code steps}
 */
record LearningRateSchedule(
    Training.Schedule form, double initial, int steps, double power, int warmupSteps) {

  static LearningRateSchedule of(TrainingOptions options) {
    return new LearningRateSchedule(
        options.schedule(),
        options.learningRate(),
        options.steps(),
        options.power(),
        options.warmupSteps());
  }

  /** Learning rate of a step, {@code 0 <= step < steps}. */
  double at(long step) {
    if (step < warmupSteps) {
      return initial * (step + 1) / (warmupSteps + 1);
    }
    double over = (double) (step - warmupSteps) / (steps - warmupSteps);
    return switch (form) {
      case POLY -> initial * Math.pow(1 - over, power);
      case COSINE -> initial * (1 + Math.cos(Math.PI * over)) / 2;
    };
  }
}
