package dev.atrous.processor.ir;

import java.util.List;

/**
 * A variable of the network.
 *
 * @param name unique path, for example {@code block4/unit1/conv2/weights}
 * @param initial how it starts in a new model
 * @param frozen whether training keeps its value, though its role is to be trained
 */
public record ParameterSpec(
    String name, List<Integer> shape, Role role, Initial initial, boolean frozen) {
  public ParameterSpec {
    shape = List.copyOf(shape);
  }

  /** One that starts as its role does, and is trained if that is. */
  public ParameterSpec(String name, List<Integer> shape, Role role) {
    this(name, shape, role, Initial.OF_ROLE, false);
  }

  /** Whether gradient descent changes it. */
  public boolean trainable() {
    return role.trainable && !frozen;
  }

  /** What a parameter is for; decides how it starts and how it is trained. */
  public enum Role {
    /** Of a convolution that a ReLU follows. */
    WEIGHTS(true),
    /** Of the convolution that gives class scores. */
    CLASSIFIER(true),
    BIAS(true),
    /** Scale of a batch normalisation. */
    GAMMA(true),
    /** Shift of a batch normalisation. */
    BETA(true),
    MOVING_MEAN(false),
    MOVING_VARIANCE(false),
    /** What is subtracted from the bands of images. */
    BAND_MEAN(false),
    /** What they are divided by. */
    BAND_DEVIATION(false);

    private final boolean trainable;

    Role(boolean trainable) {
      this.trainable = trainable;
    }

    /** Whether it is the filter of a convolution, and no vector. */
    public boolean isWeights() {
      return this == WEIGHTS || this == CLASSIFIER;
    }
  }

  /**
   * How a parameter starts.
   *
   * @param values what they are drawn from
   * @param fan values that an output is computed from or that an input goes into; 0 where the role
   *     decides
   */
  public record Initial(Values values, int fan) {
    /** As the paper's: see the roles. */
    public static final Initial OF_ROLE = new Initial(Values.OF_ROLE, 0);

    /** What values are drawn from. */
    public enum Values {
      /**
       * Weights: normal, variance 2 / fan-in. Class scores: normal, deviation 0.01. Biases, shifts
       * and means: 0. Scales and variances: 1.
       */
      OF_ROLE,
      /** Normal, variance 2 / fan. */
      HE_NORMAL,
      /** Uniform between -1 and 1 divided by the square root of the fan. */
      UNIFORM
    }
  }

  public TensorType type() {
    return new TensorType(DataType.FLOAT32, shape);
  }
}
