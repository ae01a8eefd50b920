package dev.atrous.runtime.data;

/**
 * An image and its mask, of one size.
 *
 * @param image {@code [H, W, bands]}
 * @param labels {@code [H, W]}
 */
public record LabelledImage(RgbImage image, LabelMap labels) {
  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if they differ
   */
  public LabelledImage {
    checkSameSize(image, labels);
  }

  static void checkSameSize(RgbImage image, LabelMap labels) {
    if (image.width() != labels.width() || image.height() != labels.height()) {
      throw new IllegalArgumentException(
          "image of %dx%d, labels of %dx%d"
              .formatted(image.width(), image.height(), labels.width(), labels.height()));
    }
  }

  /** Bytes of pixels held. */
  long bytes() {
    return (long) image.rgb().length + labels.labels().length;
  }
}
