package dev.atrous.processor.ir;

import java.util.List;

/**
 * A variable of the network.
 *
 * @param name unique path, for example {@code block4/unit1/conv2/weights}
 */
public record ParameterSpec(String name, List<Integer> shape, Role role) {
  public ParameterSpec {
    shape = List.copyOf(shape);
  }

  /** What a parameter is for; decides how it starts and how it is trained. */
  public enum Role {
    /** Of a convolution that a ReLU follows. */
    WEIGHTS(true, true),
    /** Of the convolution that gives class scores. */
    CLASSIFIER(true, true),
    BIAS(true, false),
    /** Scale of a batch normalisation. */
    GAMMA(true, false),
    /** Shift of a batch normalisation. */
    BETA(true, false),
    MOVING_MEAN(false, false),
    MOVING_VARIANCE(false, false);

    private final boolean trainable;
    private final boolean decayed;

    Role(boolean trainable, boolean decayed) {
      this.trainable = trainable;
      this.decayed = decayed;
    }

    /** Whether gradient descent changes it. */
    public boolean trainable() {
      return trainable;
    }

    /** Whether L2 regularisation applies: to weights of convolutions, not to vectors. */
    public boolean decayed() {
      return decayed;
    }
  }

  public TensorType type() {
    return new TensorType(DataType.FLOAT32, shape);
  }
}
