package dev.atrous.runtime.predict;

import dev.atrous.runtime.data.LabelMap;
import dev.atrous.runtime.data.LabelledImage;
import dev.atrous.runtime.metric.ConfusionMatrix;

/**
 * What an evaluation found of an image.
 *
 * @param index of the sample
 * @param sample the image with its truth
 * @param prediction of the size of the image
 * @param confusion over its pixels alone
 */
public record ImageResult(
    int index, LabelledImage sample, LabelMap prediction, ConfusionMatrix confusion) {
  /** The same of a sample with another number. */
  public ImageResult at(int other) {
    return new ImageResult(other, sample, prediction, confusion);
  }
}
