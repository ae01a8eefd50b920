package dev.atrous.runtime;

import dev.atrous.runtime.op.BatchNorm;
import dev.atrous.runtime.op.GradientOps;
import dev.atrous.runtime.op.LossWithGradient;
import dev.atrous.runtime.op.NetworkOps;
import dev.atrous.runtime.op.UpdateOps;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TNumber;

/**
 * What the training steps of the tests' models have in common: statements that the compiler would
 * write one by one.
 *
 * @param weightDecay of filters
 */
public record StepStatements<M extends TFloating>(
    NetworkOps<M> nn, GradientOps grad, UpdateOps update, float weightDecay) {
  private static final float MOMENTUM = 0.9f;

  /**
   * A loss and its derivative.
   *
   * @param value scalar
   * @param features derivative by the map that the class scores are computed from
   */
  public record Loss<M extends TFloating>(Operand<TFloat32> value, Operand<M> features) {}

  /**
   * The cross-entropy of interpolated class scores, and the updates of their parameters.
   *
   * @param name of the scores: {@code name/weights} and {@code name/bias}
   */
  public Loss<M> scores(
      String name, Operand<M> features, Operand<? extends TNumber> images, Operand<TUint8> labels) {
    Operand<TFloat32> weights = nn.parameter(name + "/weights");
    Operand<TFloat32> wide = nn.widen(features);
    Operand<TFloat32> scores =
        nn.addBias(nn.conv2d(wide, weights, 1, 1), nn.parameter(name + "/bias"));
    LossWithGradient entropy = nn.softmaxCrossEntropy(nn.interpolate(scores, images, true), labels);
    Operand<TFloat32> dScores = grad.interpolate(entropy.logitsGradient(), scores, true);
    update.momentum(name + "/bias", grad.bias(dScores), MOMENTUM, 0);
    update.momentum(
        name + "/weights", grad.conv2dFilter(wide, dScores, weights, 1, 1), MOMENTUM, weightDecay);
    Operand<TFloat32> dWide = grad.conv2dInput(weights, dScores, wide, 1, 1);
    return new Loss<>(entropy.value(), grad.narrow(dWide, features));
  }

  /**
   * The update of a filter.
   *
   * @param x map that it was applied to
   * @param dy derivative by the result
   */
  public void filter(String name, Operand<M> x, Operand<M> dy, int stride, int rate) {
    update.momentum(
        name, grad.conv2dFilter(x, dy, nn.parameter(name), stride, rate), MOMENTUM, weightDecay);
  }

  /**
   * The updates of a batch normalisation.
   *
   * @param dy derivative by the result
   * @return derivative by the map
   */
  public Operand<M> norm(String name, BatchNorm<M> forward, Operand<M> dy) {
    BatchNorm.Gradient<M> gradient = grad.batchNorm(dy, forward);
    update.momentum(name + "/gamma", gradient.gamma(), MOMENTUM, 0);
    update.momentum(name + "/beta", gradient.beta(), MOMENTUM, 0);
    update.movingAverages(name, forward, 0.9f);
    return gradient.x();
  }
}
