package dev.atrous.runtime.op;

import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.op.nn.FusedBatchNormGrad;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/** Batch normalisation with the statistics of this worker's batch. */
final class LocalBatchNorm<T extends TFloating> extends BatchNorm<T> {
  private final Operand<T> x;
  private final Operand<TFloat32> gamma;
  private final float epsilon;
  private final @Nullable Operand<TFloat32> centre;
  private final FusedBatchNorm<?, TFloat32> op;

  private LocalBatchNorm(
      Operand<T> x,
      Operand<TFloat32> gamma,
      float epsilon,
      Operand<T> y,
      Operand<TFloat32> mean,
      @Nullable Operand<TFloat32> centre,
      FusedBatchNorm<?, TFloat32> op) {
    super(y, mean, op.batchVariance());
    this.x = x;
    this.gamma = gamma;
    this.epsilon = epsilon;
    this.centre = centre;
    this.op = op;
  }

  /** By TensorFlow's kernel. */
  static <T extends TFloating> BatchNorm<T> of(
      Ops tf, Operand<T> x, Operand<TFloat32> gamma, Operand<TFloat32> beta, float epsilon) {
    FusedBatchNorm<T, TFloat32> op = normalize(tf, x, gamma, beta, epsilon);
    return new LocalBatchNorm<>(x, gamma, epsilon, op.y(), op.batchMean(), null, op);
  }

  /**
   * For XLA, which computes a variance as the mean of squares less the square of the mean. That is
   * wrong in float32, and even negative, where a mean is large beside its deviation: of the few and
   * similar values of image pooling, for example. Centred maps have the same normalisation and
   * derivatives. They are made in float32, of {@code x} in either direction, which is what is kept.
   */
  static <T extends TFloating> BatchNorm<T> centred(
      Ops tf, Operand<T> x, Operand<TFloat32> gamma, Operand<TFloat32> beta, float epsilon) {
    Operand<TFloat32> wide = Numbers.cast(tf, x, TFloat32.class);
    Operand<TFloat32> centre = tf.math.mean(wide, tf.constant(new int[] {0, 1, 2}));
    FusedBatchNorm<TFloat32, TFloat32> op =
        normalize(tf, tf.math.sub(wide, centre), gamma, beta, epsilon);
    Operand<T> y = Numbers.cast(tf, op.y(), x.type());
    Operand<TFloat32> mean = tf.math.add(op.batchMean(), centre);
    return new LocalBatchNorm<>(x, gamma, epsilon, y, mean, centre, op);
  }

  private static <N extends TFloating> FusedBatchNorm<N, TFloat32> normalize(
      Ops tf, Operand<N> x, Operand<TFloat32> gamma, Operand<TFloat32> beta, float epsilon) {
    Operand<TFloat32> none = tf.constant(new float[0]);
    return tf.nn.fusedBatchNorm(
        x,
        gamma,
        beta,
        none,
        none,
        FusedBatchNorm.epsilon(epsilon),
        FusedBatchNorm.isTraining(true));
  }

  @Override
  Gradient<T> gradient(Ops tf, Operand<T> dy) {
    if (centre == null) {
      FusedBatchNormGrad<T, TFloat32> gradient = differentiate(tf, dy, x);
      return new Gradient<>(
          gradient.xBackprop(), gradient.scaleBackprop(), gradient.offsetBackprop());
    }
    FusedBatchNormGrad<TFloat32, TFloat32> gradient =
        differentiate(
            tf,
            Numbers.cast(tf, dy, TFloat32.class),
            tf.math.sub(Numbers.cast(tf, x, TFloat32.class), centre));
    return new Gradient<>(
        Numbers.cast(tf, gradient.xBackprop(), x.type()),
        gradient.scaleBackprop(),
        gradient.offsetBackprop());
  }

  private <N extends TFloating> FusedBatchNormGrad<N, TFloat32> differentiate(
      Ops tf, Operand<N> dy, Operand<N> map) {
    return tf.nn.fusedBatchNormGrad(
        dy,
        map,
        gamma,
        op.reserveSpace1(),
        op.reserveSpace2(),
        op.reserveSpace3(),
        FusedBatchNormGrad.epsilon(epsilon),
        FusedBatchNormGrad.isTraining(true));
  }
}
