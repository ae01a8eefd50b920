package dev.atrous.runtime.op;

import java.util.List;
import java.util.regex.Pattern;
import org.tensorflow.ndarray.Shape;

/**
 * A variable of a network.
 *
 * @param name unique path, for example {@code block4/unit1/conv2/weights}; the name in checkpoints
 * @param shape convolution weights are {@code [height, width, input channels, output channels]},
 *     all others {@code [channels]}
 * @param initializer its value in a new model
 * @param trainable whether gradient descent changes it; the moving averages of batch normalisation
 *     are not; where that is frozen, its scale and shift are not either, and nothing is of a part
 *     of the network that is frozen
 */
public record Parameter(String name, Shape shape, Initializer initializer, boolean trainable) {
  private static final Pattern CLASSIFIER_NAME = Pattern.compile("(.+/)?scores/[^/]+");

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

  /**
   * Whether a parameter belongs to a layer that gives class scores, whose shape depends on the
   * number of classes: such layers, and no others, are named {@code scores}.
   *
   * @param name path of the parameter
   */
  public static boolean isOfClassifier(String name) {
    return CLASSIFIER_NAME.matcher(name).matches();
  }

  /** The same, which training keeps as it is. */
  public Parameter frozen() {
    return new Parameter(name, shape, initializer, false);
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

  /** A bias. */
  public static Parameter bias(String name, long channels) {
    return new Parameter(name, Shape.of(channels), Initializer.ZEROS, true);
  }

  /**
   * The four vectors of a batch normalisation: gamma (its scale), beta (its shift), and the moving
   * averages.
   */
  public static List<Parameter> batchNorm(String name, long channels) {
    return batchNorm(name, channels, true);
  }

  /** Those of a batch normalisation that training keeps as it is: none of them is trainable. */
  public static List<Parameter> frozenBatchNorm(String name, long channels) {
    return batchNorm(name, channels, false);
  }

  private static List<Parameter> batchNorm(String name, long channels, boolean trainable) {
    Shape shape = Shape.of(channels);
    return List.of(
        new Parameter(name + "/gamma", shape, Initializer.ONES, trainable),
        new Parameter(name + "/beta", shape, Initializer.ZEROS, trainable),
        new Parameter(name + "/moving_mean", shape, Initializer.ZEROS, false),
        new Parameter(name + "/moving_variance", shape, Initializer.ONES, false));
  }
}
