package dev.atrous.runtime.train;

/**
 * What a validation found.
 *
 * @param step steps done
 * @param miou mean intersection over union, 0..1, over the classes that occur in masks or
 *     predictions
 * @param classIou of every class, class 0 first; NaN for one that occurs in neither
 * @param loss mean cross-entropy of the class scores of the network, interpolated to the images,
 *     over all counted pixels; without weights of classes, an auxiliary head, other losses or
 *     weight decay
 * @param seconds that it took, with the graph that is built for it
 * @param best whether the mIoU is larger than that of each validation before; the weights are then
 *     kept
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ValidationReport(
    long step, double miou, double[] classIou, double loss, double seconds, boolean best) {}
