package dev.atrous.runtime.model;

import dev.atrous.annotation.Training;

/**
 * The recipe of {@code @Training}. Batch size, steps, learning rate and schedule are defaults;
 * momentum, weight decay, what becomes of batch normalisation and its decay are part of the
 * generated step and stand here to be shown, and for what depends on them.
 *
 * @param batchSize crops in a step
 * @param steps steps of a full run
 * @param learningRate learning rate of the first step, or of the first after the warm-up
 * @param power exponent of the poly schedule
 * @param momentum of the gradient descent, or beta1 of AdamW
 * @param weightDecay factor of the L2 regularisation, or AdamW's decay
 * @param augmentation how images are changed at random
 * @param batchNorm what the training does with batch normalisation
 * @param batchNormDecay share that a moving average of batch normalisation keeps at each step, 0 to
 *     1; 1 where they are frozen
 * @param optimization how the step uses the derivatives
 */
public record TrainingRecipe(
    int batchSize,
    int steps,
    double learningRate,
    double power,
    double momentum,
    double weightDecay,
    AugmentationRecipe augmentation,
    Training.BatchNorm batchNorm,
    double batchNormDecay,
    Optimization optimization) {

  /**
   * Whether batch normalisation keeps the moving averages, scale and shift of the weights that
   * training starts from.
   */
  public boolean frozenBatchNorm() {
    return batchNorm == Training.BatchNorm.FROZEN;
  }

  /** Whether some of the weights stay as they are: batch normalisation, or parts of the network. */
  public boolean keepsWeights() {
    return frozenBatchNorm() || optimization.parts().stream().anyMatch(TrainedPart::isFrozen);
  }
}
