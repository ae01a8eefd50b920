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
  private static final String BAND_MEAN = "/mean";
  private static final String BAND_DEVIATION = "/deviation";
  private static final Pattern BANDS_NAME = Pattern.compile("(.+/)?bands/(mean|deviation)");
  private static final Pattern FIRST_NAME = Pattern.compile("stem/conv1?/weights");
  private static final Pattern CLASSIFIER_NAME = Pattern.compile("(.+/)?scores/[^/]+");

  /**
   * How a parameter starts.
   *
   * @param distribution of its values
   * @param scale the value of a constant, the standard deviation of normal values (before they are
   *     cut), the largest magnitude of uniform ones
   */
  public record Initializer(Distribution distribution, float scale) {
    /** Zeros. */
    public static final Initializer ZEROS = new Initializer(Distribution.CONSTANT, 0f);

    /** Ones. */
    public static final Initializer ONES = new Initializer(Distribution.CONSTANT, 1f);

    /** Class scores of the paper's authors: with standard deviation 0.01. */
    static final Initializer CLASSIFIER = new Initializer(Distribution.TRUNCATED_NORMAL, 0.01f);

    /** What values are drawn from. */
    public enum Distribution {
      /** One value everywhere. */
      CONSTANT,
      /** A normal distribution around 0. */
      NORMAL,
      /** A normal distribution around 0, cut at two standard deviations. */
      TRUNCATED_NORMAL,
      /** A uniform distribution around 0. */
      UNIFORM
    }

    /**
     * Normal with variance {@code 2 / fan} (He et al. 2015), for convolutions followed by ReLU.
     *
     * @param fan values that an output is computed from (fan-in), or that an input goes into
     *     (fan-out); at least 1
     */
    public static Initializer heNormal(long fan) {
      return new Initializer(Distribution.NORMAL, (float) Math.sqrt(2.0 / fan));
    }

    /**
     * Uniform between -1 and 1 divided by the square root of {@code fan}: variance {@code 1 / (3 *
     * fan)}.
     *
     * @param fan as above
     */
    public static Initializer uniform(long fan) {
      return new Initializer(Distribution.UNIFORM, (float) (1 / Math.sqrt((double) fan)));
    }
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

  /**
   * Whether a parameter is the weights of the first convolution, whose third size is the number of
   * bands of images.
   *
   * @param name path of the parameter
   */
  public static boolean isOfImages(String name) {
    return FIRST_NAME.matcher(name).matches();
  }

  /**
   * Whether a parameter is what the bands of images are normalised by. It is measured on the images
   * of a training before its first step; zeros are not measured yet.
   *
   * @param name path of the parameter
   */
  public static boolean isOfBands(String name) {
    return BANDS_NAME.matcher(name).matches();
  }

  /** Whether such a parameter is the mean of the bands; otherwise it is the deviation. */
  public static boolean isBandMean(String name) {
    return isOfBands(name) && name.endsWith(BAND_MEAN);
  }

  /** The same, which training keeps as it is. */
  public Parameter frozen() {
    return new Parameter(name, shape, initializer, false);
  }

  /** Weights of a convolution followed by ReLU: He's normal values for their fan-in. */
  public static Parameter weights(String name, long height, long width, long inputs, long outputs) {
    Initializer initializer = Initializer.heNormal(height * width * inputs);
    return weights(name, height, width, inputs, outputs, initializer);
  }

  /** Weights of any convolution. */
  public static Parameter weights(
      String name, long height, long width, long inputs, long outputs, Initializer initializer) {
    return new Parameter(name, Shape.of(height, width, inputs, outputs), initializer, true);
  }

  /**
   * Weights of the convolution that gives the class scores: normal with standard deviation 0.01,
   * cut at two deviations.
   */
  public static Parameter classifier(
      String name, long height, long width, long inputs, long outputs) {
    return weights(name, height, width, inputs, outputs, Initializer.CLASSIFIER);
  }

  /** A bias of zeros. */
  public static Parameter bias(String name, long channels) {
    return bias(name, channels, Initializer.ZEROS);
  }

  /** A bias. */
  public static Parameter bias(String name, long channels, Initializer initializer) {
    return new Parameter(name, Shape.of(channels), initializer, true);
  }

  /**
   * The four vectors of a batch normalisation: gamma (its scale), beta (its shift), and the moving
   * averages.
   */
  public static List<Parameter> batchNorm(String name, long channels) {
    return batchNorm(name, channels, true);
  }

  /**
   * Mean and deviation of the bands of images, which are measured: {@code name/mean} and {@code
   * name/deviation}.
   */
  public static List<Parameter> bandStatistics(String name, long bands) {
    Shape shape = Shape.of(bands);
    return List.of(
        new Parameter(name + BAND_MEAN, shape, Initializer.ZEROS, false),
        new Parameter(name + BAND_DEVIATION, shape, Initializer.ZEROS, false));
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
