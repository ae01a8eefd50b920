package dev.atrous.runtime.model;

import dev.atrous.annotation.Training;
import java.util.List;

/**
 * How a training step uses the derivatives: {@code @Training} of the spec.
 *
 * @param schedule how the learning rate falls; a default
 * @param warmupSteps at the beginning, in which it rises; a default
 * @param accumulate how many batches make a step; a default
 * @param optimizer what it makes of the gradients
 * @param beta2 share that AdamW's mean of the squared gradients keeps at each step
 * @param clipNorm largest norm of the gradient; 0 for no limit
 * @param parts those that are not trained like the rest
 */
public record Optimization(
    Training.Schedule schedule,
    int warmupSteps,
    int accumulate,
    Training.Optimizer optimizer,
    double beta2,
    double clipNorm,
    List<TrainedPart> parts) {
  /** The paper's. */
  public static final Optimization PAPER =
      new Optimization(Training.Schedule.POLY, 0, 1, Training.Optimizer.SGD, 0.999, 0, List.of());

  public Optimization {
    parts = List.copyOf(parts);
  }
}
