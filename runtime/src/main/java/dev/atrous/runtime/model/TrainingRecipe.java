package dev.atrous.runtime.model;

/**
 * The recipe of {@code @Training}. Batch size, steps and learning rate are defaults; momentum,
 * weight decay and frozen batch normalisation are part of the generated step and stand here to be
 * shown.
 *
 * @param batchSize crops in a step
 * @param steps steps of a full run
 * @param learningRate learning rate of the first step
 * @param power exponent of the poly schedule
 * @param momentum momentum of the gradient descent
 * @param weightDecay factor of the L2 regularisation
 * @param minScale smallest factor by which images are scaled at random before they are cropped
 * @param maxScale largest factor
 * @param frozenBatchNorm whether batch normalisation keeps the moving averages, scale and shift of
 *     the weights that training starts from
 */
public record TrainingRecipe(
    int batchSize,
    int steps,
    double learningRate,
    double power,
    double momentum,
    double weightDecay,
    double minScale,
    double maxScale,
    boolean frozenBatchNorm) {}
