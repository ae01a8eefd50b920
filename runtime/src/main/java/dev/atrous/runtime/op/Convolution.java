package dev.atrous.runtime.op;

import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * A convolution with what follows it in an inference graph, so that a device that computes all of
 * it at once may do so: a bias or batch normalisation with moving averages, then a sum with another
 * map, then ReLU.
 *
 * <pre>{@code
 * nn.convolution(x, "conv3/weights", 1, 1).batchNorm("bn3", 1e-5f).add(shortcut).relu().build()
 * }</pre>
 *
 * @param <T> the numbers of the map, and of the result
 */
public final class Convolution<T extends TFloating> {

  /**
   * A batch normalisation with its moving averages.
   *
   * @param name full name; the parameters are {@code name/gamma}, {@code name/beta}, {@code
   *     name/moving_mean} and {@code name/moving_variance}
   * @param epsilon added to the variance
   */
  public record Normalization(String name, float epsilon) {}

  private final NetworkOps<?> nn;
  private final Path path;
  private final Operand<T> x;
  private final String weights;
  private final Window window;
  private @Nullable Normalization normalization;
  private @Nullable String bias;
  private @Nullable Operand<T> addend;
  private boolean relu;

  Convolution(NetworkOps<?> nn, Path path, Operand<T> x, String weights, Window window) {
    this.nn = nn;
    this.path = path;
    this.x = x;
    this.weights = path.of(weights);
    this.window = window;
  }

  /**
   * Normalises the result with moving averages.
   *
   * @param name of the normalisation below the scope of the operations
   * @param epsilon added to the variance
   */
  public Convolution<T> batchNorm(String name, float epsilon) {
    normalization = new Normalization(path.of(name), epsilon);
    return this;
  }

  /**
   * Adds a value for each channel.
   *
   * @param name of the bias below the scope of the operations
   */
  public Convolution<T> bias(String name) {
    bias = path.of(name);
    return this;
  }

  /** Adds a map of the result's shape. */
  public Convolution<T> add(Operand<T> map) {
    addend = map;
    return this;
  }

  /** Takes {@code max(y, 0)} of the result, and of its sum if there is one. */
  public Convolution<T> relu() {
    relu = true;
    return this;
  }

  /**
   * The result.
   *
   * @return {@code [N, (H - 1) / stride + 1, (W - 1) / stride + 1, output channels]}
   * @throws IllegalStateException unless there is either a bias or a normalisation
   */
  public Operand<T> build() {
    if ((bias == null) == (normalization == null)) {
      throw new IllegalStateException(weights + " needs either a bias or a normalisation");
    }
    return nn.fused(this);
  }

  /** The result as a convolution and an operation for each thing that follows it. */
  Operand<T> unfused() {
    Operand<T> y = nn.conv2d(x, nn.read(weights), window.stride(), window.rate(), window.padding());
    if (normalization != null) {
      y = nn.batchNorm(y, normalization);
    }
    if (bias != null) {
      y = nn.addBias(y, nn.read(bias));
    }
    if (addend != null) {
      y = nn.add(y, addend);
    }
    return relu ? nn.relu(y) : y;
  }

  /** The map, {@code [N, H, W, input channels]}. */
  public Operand<T> x() {
    return x;
  }

  /** Full name of the weights. */
  public String weights() {
    return weights;
  }

  /** How the filter goes over the map. */
  public Window window() {
    return window;
  }

  /** Full name of the bias; null where there is a normalisation. */
  public @Nullable String bias() {
    return bias;
  }

  /** The normalisation; null where there is a bias. */
  public @Nullable Normalization normalization() {
    return normalization;
  }

  /** What is added then, if anything. */
  public @Nullable Operand<T> addend() {
    return addend;
  }

  /** Whether a ReLU comes last. */
  public boolean hasRelu() {
    return relu;
  }
}
