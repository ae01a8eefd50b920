package dev.atrous.runtime.op;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.op.nn.FusedBatchNormGrad;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * Batch normalisation with its moving averages, as in inference and where training freezes it.
 *
 * @param gamma scale of each channel, {@code [C]}
 * @param mean of each channel, {@code [C]}
 * @param variance of each channel, {@code [C]}
 * @param epsilon added to the variance
 */
record FrozenBatchNorm(
    Operand<TFloat32> gamma, Operand<TFloat32> mean, Operand<TFloat32> variance, float epsilon) {

  /**
   * The normalised map.
   *
   * @param beta shift of each channel, {@code [C]}
   */
  <T extends TFloating> Operand<T> of(Ops tf, Operand<T> x, Operand<TFloat32> beta) {
    return tf.nn
        .fusedBatchNorm(
            x,
            gamma,
            beta,
            mean,
            variance,
            FusedBatchNorm.epsilon(epsilon),
            FusedBatchNorm.isTraining(false))
        .y();
  }

  /** The derivatives; mean and variance are not differentiated. */
  <T extends TFloating> BatchNorm.Gradient<T> gradient(Ops tf, Operand<T> dy, Operand<T> x) {
    FusedBatchNormGrad<T, TFloat32> gradient =
        tf.nn.fusedBatchNormGrad(
            dy,
            x,
            gamma,
            mean,
            variance,
            tf.constant(new float[0]),
            FusedBatchNormGrad.epsilon(epsilon),
            FusedBatchNormGrad.isTraining(false));
    return new BatchNorm.Gradient<>(
        gradient.xBackprop(), gradient.scaleBackprop(), gradient.offsetBackprop());
  }
}
