package dev.atrous.runtime.op;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * A batch normalisation in training: its output, and what its gradient and moving averages need.
 *
 * @param <T> the numbers of the map; statistics are in float32
 */
public abstract sealed class BatchNorm<T extends TFloating>
    permits LocalBatchNorm, SynchronizedBatchNorm {
  private final Operand<T> y;
  private final Operand<TFloat32> mean;
  private final Operand<TFloat32> variance;

  BatchNorm(Operand<T> y, Operand<TFloat32> mean, Operand<TFloat32> variance) {
    this.y = y;
    this.mean = mean;
    this.variance = variance;
  }

  /** The normalised map, {@code [N, H, W, C]}. */
  public final Operand<T> y() {
    return y;
  }

  /** Mean of each channel over the batch, {@code [C]}. */
  public final Operand<TFloat32> mean() {
    return mean;
  }

  /** Unbiased variance of each channel over the batch, {@code [C]}: for the moving average. */
  public final Operand<TFloat32> variance() {
    return variance;
  }

  /**
   * Its derivatives.
   *
   * @param tf where the operations go
   * @param dy derivative of the loss by {@link #y}
   */
  abstract Gradient<T> gradient(Ops tf, Operand<T> dy);

  /** Derivatives by the map, gamma and beta of a batch normalisation. */
  public record Gradient<T extends TFloating>(
      Operand<T> x, Operand<TFloat32> gamma, Operand<TFloat32> beta) {}
}
