package dev.atrous.processor.ir;

import java.util.List;

/**
 * A variable of the network.
 *
 * @param name unique path, for example {@code block4/unit1/conv2/weights}
 * @param frozen whether training keeps its value, though its role is to be trained
 */
public record ParameterSpec(String name, List<Integer> shape, Role role, boolean frozen) {
  public ParameterSpec {
    shape = List.copyOf(shape);
  }

  /** One that is trained if its role is. */
  public ParameterSpec(String name, List<Integer> shape, Role role) {
    this(name, shape, role, false);
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
    MOVING_VARIANCE(false);

    private final boolean trainable;

    Role(boolean trainable) {
      this.trainable = trainable;
    }

    /** Whether it is the filter of a convolution, and no vector. */
    public boolean isWeights() {
      return this == WEIGHTS || this == CLASSIFIER;
    }
  }

  public TensorType type() {
    return new TensorType(DataType.FLOAT32, shape);
  }
}
