package dev.atrous.runtime.predict;

import dev.atrous.runtime.data.LabelMap;

/** Takes the labels of images as they become known: strips of rows, from the top down. */
@FunctionalInterface
public interface LabelStrips {
  /**
   * Takes the next rows of an image.
   *
   * @param image its index among those that are predicted
   * @param top the row of the image that the strip begins with: the one after the last strip
   * @param labels as wide as the image
   */
  void add(int image, int top, LabelMap labels);
}
