package dev.atrous.runtime.model;

/**
 * How {@code @Training} changes images at random.
 *
 * @param minScale smallest factor by which images are scaled before they are cropped
 * @param maxScale largest factor
 * @param verticalFlip whether half of the crops are mirrored top to bottom
 * @param rotation largest angle in degrees, 0 for none
 * @param brightness how far the factor of the brightness is from 1 at most, 0 for none
 * @param contrast likewise
 * @param saturation likewise
 * @param hue largest turn of the circle of colours, in turns, 0 for none
 */
public record AugmentationRecipe(
    double minScale,
    double maxScale,
    boolean verticalFlip,
    double rotation,
    double brightness,
    double contrast,
    double saturation,
    double hue) {

  /** What the paper does: scales alone. */
  public static AugmentationRecipe scales(double least, double largest) {
    return new AugmentationRecipe(least, largest, false, 0, 0, 0, 0, 0);
  }
}
