package dev.atrous.runtime.weights;

import dev.atrous.annotation.Conventions;
import java.util.List;

/**
 * How a network turns bytes into its input: {@code (byte - mean) / deviation}, for red, green and
 * blue. Weights of one scale work at another once the first convolution is adapted to it.
 */
record PixelScale(List<Float> mean, List<Float> deviation) {
  /** That of torchvision: ImageNet's mean and standard deviation, for bytes. */
  static final PixelScale TORCHVISION =
      new PixelScale(List.of(123.675f, 116.28f, 103.53f), List.of(58.395f, 57.12f, 57.375f));

  /** That of slim's ResNet V1: ImageNet's mean alone. */
  static final PixelScale SLIM =
      new PixelScale(List.of(123.68f, 116.78f, 103.94f), List.of(1f, 1f, 1f));

  PixelScale {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
  }

  /** The scale of a convention. */
  static PixelScale of(Conventions.Preprocessing preprocessing) {
    return switch (preprocessing) {
      case MINUS_ONE_TO_ONE ->
          new PixelScale(List.of(127.5f, 127.5f, 127.5f), List.of(127.5f, 127.5f, 127.5f));
      case MEAN -> new PixelScale(List.of(123.15f, 115.90f, 103.06f), List.of(1f, 1f, 1f));
      case MEAN_AND_DEVIATION -> TORCHVISION;
      case PRESET -> throw new IllegalArgumentException("no preprocessing is decided");
    };
  }
}
