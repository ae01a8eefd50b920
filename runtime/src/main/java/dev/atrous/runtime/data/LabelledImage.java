package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;

/**
 * An image and its mask, of one size.
 *
 * @param image {@code [H, W, bands]}
 * @param labels {@code [H, W]}
 */
public record LabelledImage(Image image, LabelMap labels) {
  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if they differ
   */
  public LabelledImage {
    checkSameSize(image, labels);
  }

  static void checkSameSize(Image image, LabelMap labels) {
    if (image.width() != labels.width() || image.height() != labels.height()) {
      throw new IllegalArgumentException(
          "image of %dx%d, labels of %dx%d"
              .formatted(image.width(), image.height(), labels.width(), labels.height()));
    }
  }

  /**
   * Checks the labels that a data set gave, which would spoil a loss or a count without a word.
   *
   * @throws AtrousException if one is neither a class of the data set nor {@link LabelMap#VOID}
   */
  public void requireClasses(Dataset data, int index) {
    for (byte label : labels.labels()) {
      int number = Byte.toUnsignedInt(label);
      if (number >= data.classes() && number != LabelMap.VOID) {
        throw new AtrousException(
            "Data set %s: %s has label %d, and there are %d classes: labels are 0..%d, and 255 where they are ignored."
                .formatted(
                    data.name(),
                    data.sampleName(index),
                    number,
                    data.classes(),
                    data.classes() - 1));
      }
    }
  }

  /**
   * Checks the pixels that a data set gave.
   *
   * @param format that of the model
   * @throws AtrousException if the image has others
   */
  public void requirePixels(Dataset data, int index, PixelFormat format) {
    if (!image.format().fits(format)) {
      throw new AtrousException(
          "Data set %s: the image of %s has %s, and the model wants %s."
              .formatted(data.name(), data.sampleName(index), image.format(), format));
    }
  }

  /** Bytes of pixels held. */
  long bytes() {
    return (long) image.values().length + labels.labels().length;
  }
}
