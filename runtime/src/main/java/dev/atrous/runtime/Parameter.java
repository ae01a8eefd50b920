package dev.atrous.runtime;

import org.tensorflow.ndarray.Shape;

/**
 * A variable of a network.
 *
 * @param name unique path, for example {@code block4/unit1/conv2/weights}; the name in checkpoints
 * @param shape convolution weights are {@code [height, width, input channels, output channels]},
 *     all others {@code [channels]}
 * @param initializer its value in a new model
 * @param trainable whether gradient descent changes it; the moving averages of batch normalisation
 *     are not
 */
public record Parameter(String name, Shape shape, Initializer initializer, boolean trainable) {

  /** How a parameter starts. */
  public enum Initializer {
    /** He et al. 2015: normal with variance 2 / fan-in, for convolutions followed by ReLU. */
    HE_NORMAL,
    /** Normal with standard deviation 0.01, cut at two deviations: the last convolution. */
    TRUNCATED_NORMAL,
    /** Zeros. */
    ZEROS,
    /** Ones. */
    ONES
  }

  /** Weights of a convolution followed by ReLU. */
  public static Parameter weights(String name, long height, long width, long inputs, long outputs) {
    return new Parameter(
        name, Shape.of(height, width, inputs, outputs), Initializer.HE_NORMAL, true);
  }

  /** Weights of the convolution that gives the class scores. */
  public static Parameter classifier(
      String name, long height, long width, long inputs, long outputs) {
    return new Parameter(
        name, Shape.of(height, width, inputs, outputs), Initializer.TRUNCATED_NORMAL, true);
  }

  /** A trained vector that starts with zeros: a bias, or the shift of a batch normalisation. */
  public static Parameter shift(String name, long channels) {
    return new Parameter(name, Shape.of(channels), Initializer.ZEROS, true);
  }

  /** A trained vector that starts with ones: the scale of a batch normalisation. */
  public static Parameter scale(String name, long channels) {
    return new Parameter(name, Shape.of(channels), Initializer.ONES, true);
  }

  /** The moving mean of a batch normalisation. */
  public static Parameter movingMean(String name, long channels) {
    return new Parameter(name, Shape.of(channels), Initializer.ZEROS, false);
  }

  /** The moving variance of a batch normalisation. */
  public static Parameter movingVariance(String name, long channels) {
    return new Parameter(name, Shape.of(channels), Initializer.ONES, false);
  }
}
