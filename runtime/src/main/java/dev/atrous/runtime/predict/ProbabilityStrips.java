package dev.atrous.runtime.predict;

import dev.atrous.runtime.data.LabelMap;

/** Takes labels with the probabilities of all classes: strips of rows, from the top down. */
@FunctionalInterface
public interface ProbabilityStrips {
  /**
   * Takes the next rows of an image.
   *
   * @param image its index among those that are predicted
   * @param top the row of the image that the strip begins with: the one after the last strip
   * @param labels as wide as the image
   * @param probabilities {@code [rows, W, classes]}: the softmax of the class scores, averaged as
   *     the options say
   */
  void add(int image, int top, LabelMap labels, float[] probabilities);
}
