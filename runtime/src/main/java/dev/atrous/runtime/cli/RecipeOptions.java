package dev.atrous.runtime.cli;

import dev.atrous.annotation.Training;
import dev.atrous.runtime.train.TrainingOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Values of a run in place of those of its model's {@code @Training}. */
final class RecipeOptions {
  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps of the full run, resumed ones included; default: the spec's.")
  @Nullable Integer steps;

  @Option(
      names = "--accumulate",
      paramLabel = "K",
      description =
          "Batches in a step, one after the other: with frozen batch normalisation, the step of one"
              + " large batch in the memory of a small one; default: the spec's.")
  @Nullable Integer accumulate;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "Learning rate of the first step, or after the warm-up; default: the spec's.")
  @Nullable Double learningRate;

  @Option(
      names = "--schedule",
      paramLabel = "FORM",
      description = "How the learning rate falls: poly or cosine; default: the spec's.")
  Training.@Nullable Schedule schedule;

  @Option(
      names = "--warmup-steps",
      paramLabel = "N",
      description = "Steps in which the learning rate rises first; default: the spec's.")
  @Nullable Integer warmupSteps;

  @Option(
      names = "--class-weights",
      paramLabel = "W",
      split = ",",
      description = "Weights of the classes in the loss, class 0 first; default: the spec's.")
  @Nullable List<Double> classWeights;

  /** Sets what the command line has. */
  void set(TrainingOptions.Builder options, NetworkOptions network) {
    if (steps != null) {
      options.steps(steps);
    }
    if (network.batchSize != null) {
      options.batchSize(network.batchSize);
    }
    if (accumulate != null) {
      options.accumulate(accumulate);
    }
    if (network.crop != null) {
      options.crop(network.crop);
    }
    if (learningRate != null) {
      options.learningRate(learningRate);
    }
    if (schedule != null) {
      options.schedule(schedule);
    }
    if (warmupSteps != null) {
      options.warmupSteps(warmupSteps);
    }
    if (classWeights != null) {
      options.classWeights(classWeights);
    }
  }
}
