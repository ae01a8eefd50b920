package dev.atrous.runtime.train;

import dev.atrous.runtime.data.ClassColors;
import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.LabelledImage;
import dev.atrous.runtime.metric.ConfusionMatrix;

/**
 * An image that a validation is done with.
 *
 * @param step steps done, whose weights are validated
 * @param index of the sample, 0..images-1; they come in this order
 * @param images to validate on
 * @param seconds since the validation began
 * @param name of the sample
 * @param sample the image with its truth
 * @param prediction of the size of the image
 * @param confusion over its pixels alone
 * @param colors in which the data shows its classes
 */
public record ValidatedImage(
    long step,
    int index,
    int images,
    double seconds,
    String name,
    LabelledImage sample,
    LabelMap prediction,
    ConfusionMatrix confusion,
    ClassColors colors) {}
