package dev.atrous.runtime.predict;

import dev.atrous.runtime.metric.ConfusionMatrix;

/**
 * The quality of a model on a data set.
 *
 * @param confusion over all pixels of all images; {@link ConfusionMatrix#meanIou} is the paper's
 *     metric
 * @param images number of images
 * @param imagesPerSecond with the time to load and to count
 * @param loss mean cross-entropy, over all counted pixels of all images, of the class scores
 *     interpolated to the image, without weights of classes; NaN unless asked for ({@link
 *     Evaluator#withLoss}), and if no pixel counts
 */
public record EvaluationResult(
    ConfusionMatrix confusion, int images, double imagesPerSecond, double loss) {}
