package dev.atrous.runtime.op;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.op.nn.FusedBatchNormGrad;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * Batch normalisation with the statistics of the batches of all workers, which have equally many
 * values of a channel. With them known, TensorFlow's kernels for given statistics do the rest, in
 * either direction.
 */
final class SynchronizedBatchNorm<T extends TFloating> extends BatchNorm<T> {
  private final WorkerSums workers;
  private final Operand<T> x;
  private final Operand<TFloat32> gamma;
  private final float epsilon;
  private final Statistics statistics;

  /**
   * Statistics of a channel over all batches.
   *
   * @param count values of a channel
   * @param variance the mean of the squared deviations
   */
  private record Statistics(double count, Operand<TFloat32> mean, Operand<TFloat32> variance) {}

  private SynchronizedBatchNorm(
      WorkerSums workers,
      Operand<T> x,
      Operand<TFloat32> gamma,
      float epsilon,
      Operand<T> y,
      Statistics statistics,
      Operand<TFloat32> unbiased) {
    super(y, statistics.mean, unbiased);
    this.workers = workers;
    this.x = x;
    this.gamma = gamma;
    this.epsilon = epsilon;
    this.statistics = statistics;
  }

  static <T extends TFloating> BatchNorm<T> of(
      Ops tf,
      WorkerSums workers,
      Operand<T> x,
      Operand<TFloat32> gamma,
      Operand<TFloat32> beta,
      float epsilon) {
    Statistics all = statistics(tf, workers, Numbers.cast(tf, x, TFloat32.class));
    Operand<T> y = normalize(tf, x, gamma, beta, all, epsilon);
    double correction = all.count / Math.max(all.count - 1, 1);
    Operand<TFloat32> unbiased = tf.math.mul(all.variance, tf.constant((float) correction));
    return new SynchronizedBatchNorm<>(workers, x, gamma, epsilon, y, all, unbiased);
  }

  /**
   * The mean of the workers' means; then the mean of their variances and of the squares by which
   * their means are apart from that (Chan, Golub and LeVeque). The mean of squares less the square
   * of the mean would be wrong where a mean is large beside its deviation: of the few and similar
   * values of image pooling, for example.
   */
  private static Statistics statistics(Ops tf, WorkerSums workers, Operand<TFloat32> x) {
    Operand<TFloat32> share = tf.constant(1f / workers.workers());
    Operand<TFloat32> own = mean(tf, x);
    Operand<TFloat32> mean = tf.math.mul(workers.sum(tf, own), share);
    Operand<TFloat32> spread =
        tf.math.add(
            mean(tf, tf.math.squaredDifference(x, own)), tf.math.squaredDifference(own, mean));
    return new Statistics(
        (double) workers.workers() * countOf(x.shape()),
        mean,
        tf.math.mul(workers.sum(tf, spread), share));
  }

  /** Of each channel, by the kernel for derivatives of biases: many times faster than Mean. */
  private static Operand<TFloat32> mean(Ops tf, Operand<TFloat32> x) {
    return tf.math.mul(tf.nn.biasAddGrad(x), tf.constant(1f / countOf(x.shape())));
  }

  private static long countOf(Shape map) {
    return map.size() / map.get(3);
  }

  private static <N extends TFloating> Operand<N> normalize(
      Ops tf,
      Operand<N> x,
      Operand<TFloat32> scale,
      Operand<TFloat32> shift,
      Statistics statistics,
      float epsilon) {
    return tf.nn
        .fusedBatchNorm(
            x,
            scale,
            shift,
            statistics.mean,
            statistics.variance,
            FusedBatchNorm.epsilon(epsilon),
            FusedBatchNorm.isTraining(false))
        .y();
  }

  /**
   * The derivative with the statistics held, less its parts along them: {@code gamma /
   * sqrt(variance + epsilon) * (dy - mean(dy) - n * mean(dy * n))} with {@code n} the normalised
   * map and means over all batches. They come of the derivatives by gamma and beta, of which each
   * worker hands on its own. In float32: the parts may nearly be the whole.
   */
  @Override
  Gradient<T> gradient(Ops tf, Operand<T> dy) {
    Operand<TFloat32> wide = Numbers.cast(tf, x, TFloat32.class);
    FusedBatchNormGrad<TFloat32, TFloat32> held =
        tf.nn.fusedBatchNormGrad(
            Numbers.cast(tf, dy, TFloat32.class),
            wide,
            gamma,
            statistics.mean,
            statistics.variance,
            tf.constant(new float[0]),
            FusedBatchNormGrad.epsilon(epsilon),
            FusedBatchNormGrad.isTraining(false));
    Operand<TFloat32> sums =
        workers.sum(tf, tf.stack(List.of(held.scaleBackprop(), held.offsetBackprop())));
    Operand<TFloat32> factor =
        tf.math.mul(
            tf.math.mul(gamma, tf.constant((float) (-1 / statistics.count))),
            tf.math.rsqrt(tf.math.add(statistics.variance, tf.constant(epsilon))));
    List<Output<TFloat32>> along = tf.unstack(tf.math.mul(sums, factor), 2L).output();
    Operand<TFloat32> parts = normalize(tf, wide, along.get(0), along.get(1), statistics, epsilon);
    return new Gradient<>(
        Numbers.cast(tf, tf.math.add(held.xBackprop(), parts), x.type()),
        held.scaleBackprop(),
        held.offsetBackprop());
  }
}
