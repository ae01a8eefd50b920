package dev.atrous.runtime.model;

import dev.atrous.annotation.Conventions;
import java.util.List;

/**
 * How a network turns the values of an image into its input: {@code (value - mean) / deviation},
 * for each band. Weights of one scale work at another once the first convolution is adapted to it.
 *
 * @param bands of an image
 * @param bits of a value, 8 or 16
 * @param mean one for each band; red, green and blue where there are three of 8 bits; none where a
 *     training measures them
 * @param deviation one for each band, positive; none where a training measures them
 */
public record PixelScale(int bands, int bits, List<Float> mean, List<Float> deviation) {
  /** That of torchvision: ImageNet's mean and standard deviation, for bytes. */
  public static final PixelScale TORCHVISION =
      new PixelScale(List.of(123.675f, 116.28f, 103.53f), List.of(58.395f, 57.12f, 57.375f));

  /** That of slim's ResNet V1: ImageNet's mean alone. */
  public static final PixelScale SLIM =
      new PixelScale(List.of(123.68f, 116.78f, 103.94f), List.of(1f, 1f, 1f));

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException unless there are means and deviations of all bands, or none
   */
  public PixelScale {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    if (bands < 1 || mean.size() != deviation.size() || (mean.size() != bands && !mean.isEmpty())) {
      throw new IllegalArgumentException(
          bands + " bands, means " + mean + ", deviations " + deviation);
    }
  }

  /** Of values of 8 bits. */
  public PixelScale(List<Float> mean, List<Float> deviation) {
    this(Byte.SIZE, mean, deviation);
  }

  /** Of values of so many bits. */
  public PixelScale(int bits, List<Float> mean, List<Float> deviation) {
    this(mean.size(), bits, mean, deviation);
  }

  /** Bands whose mean and deviation a training measures. */
  public static PixelScale measured(int bands, int bits) {
    return new PixelScale(bands, bits, List.of(), List.of());
  }

  /**
   * Whether mean and deviation are not those of the spec, but were measured on the images that the
   * model is trained on; then its weights have them ({@link
   * dev.atrous.runtime.op.Parameter#isOfBands}).
   */
  public boolean isMeasured() {
    return mean.isEmpty();
  }

  /** The scale of a convention. */
  public static PixelScale of(Conventions.Preprocessing preprocessing) {
    return switch (preprocessing) {
      case MINUS_ONE_TO_ONE ->
          new PixelScale(List.of(127.5f, 127.5f, 127.5f), List.of(127.5f, 127.5f, 127.5f));
      case MEAN -> new PixelScale(List.of(123.15f, 115.90f, 103.06f), List.of(1f, 1f, 1f));
      case MEAN_AND_DEVIATION -> TORCHVISION;
      case PRESET -> throw new IllegalArgumentException("no preprocessing is decided");
    };
  }

  /** Whether it is one of red, green and blue in bytes. */
  public boolean isRgb() {
    return bands == 3 && bits == Byte.SIZE;
  }
}
