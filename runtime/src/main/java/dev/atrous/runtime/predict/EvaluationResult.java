package dev.atrous.runtime.predict;

import dev.atrous.runtime.metric.ConfusionMatrix;

/**
 * The quality of a model on a data set.
 *
 * @param confusion over all pixels of all images; {@link ConfusionMatrix#meanIou} is the paper's
 *     metric
 * @param images number of images
 * @param imagesPerSecond with the time to load and to count
 */
public record EvaluationResult(ConfusionMatrix confusion, int images, double imagesPerSecond) {}
