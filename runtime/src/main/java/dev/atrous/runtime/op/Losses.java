package dev.atrous.runtime.op;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.op.nn.SparseSoftmaxCrossEntropyWithLogits;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * Losses of the class scores of a batch, with their derivatives by them. Pixels stand in a row:
 * vectors have a value for each, matrices a row of classes.
 */
final class Losses {
  /** Smallest normal number. */
  private static final float TINY = Float.MIN_NORMAL;

  private final Ops tf;
  private final Operand<TFloat32> logits;
  private final Operand<TFloat32> scores;
  private final long classes;

  /** Of each pixel; 0 where it is ignored. */
  private final Operand<TInt32> labels;

  /** 1 for pixels that count, 0 for those that are ignored. */
  private final Operand<TFloat32> counted;

  /** What the weights of the pixels of the whole step add up to; null if it has no others. */
  private final @Nullable Operand<TFloat32> pixelTotal;

  /**
   * @param logits {@code [N, H, W, classes]}
   * @param labels {@code [N, H, W]}
   * @param pixelTotal as in {@link NetworkOps#withPart}; null for the sum over the batch
   */
  Losses(
      Ops tf,
      Operand<TFloat32> logits,
      Operand<TUint8> labels,
      @Nullable Operand<TFloat32> pixelTotal) {
    this.tf = tf;
    this.logits = logits;
    this.pixelTotal = pixelTotal;
    classes = logits.shape().get(3);
    Operand<TInt32> flat =
        tf.reshape(tf.dtypes.cast(labels, TInt32.class), tf.constant(new int[] {-1}));
    Operand<TBool> ignored = tf.math.equal(flat, tf.constant(NetworkOps.IGNORED_LABEL));
    counted = tf.dtypes.cast(tf.math.logicalNot(ignored), TFloat32.class);
    this.labels = tf.select(ignored, tf.zerosLike(flat), flat);
    scores = tf.reshape(logits, tf.constant(new long[] {-1, classes}));
  }

  /** As {@link NetworkOps#weightedSum}. */
  static Operand<TFloat32> sum(Ops tf, List<Operand<TFloat32>> losses, float... weights) {
    Operand<TFloat32> sum = weighted(tf, losses.get(0), weights[0]);
    for (int i = 1; i < weights.length; i++) {
      sum = tf.math.add(sum, weighted(tf, losses.get(i), weights[i]));
    }
    return sum;
  }

  private static Operand<TFloat32> weighted(Ops tf, Operand<TFloat32> loss, float weight) {
    return weight == 1 ? loss : tf.math.mul(loss, tf.constant(weight));
  }

  /** As {@link NetworkOps#softmaxCrossEntropy}. */
  LossWithGradient crossEntropy(float[] classWeights) {
    Operand<TFloat32> weights = pixelWeights(classWeights);
    SparseSoftmaxCrossEntropyWithLogits<TFloat32> entropy = entropy();
    return new LossWithGradient(
        total(tf.math.mul(entropy.loss(), weights)), gradient(entropy.backprop(), weights));
  }

  /** As {@link NetworkOps#crossEntropySum}. */
  Operand<TFloat32> crossEntropySum() {
    return total(tf.math.mul(entropy().loss(), counted));
  }

  private SparseSoftmaxCrossEntropyWithLogits<TFloat32> entropy() {
    return tf.nn.sparseSoftmaxCrossEntropyWithLogits(scores, labels);
  }

  /**
   * The share of each pixel in a mean; all are 0 where no pixel counts, or none with a weight.
   *
   * @param classWeights empty if all are 1
   */
  private Operand<TFloat32> pixelWeights(float[] classWeights) {
    if (classWeights.length == 0) {
      return tf.math.div(counted, tf.math.maximum(ofStep(counted), tf.constant(1f)));
    }
    Operand<TFloat32> ofClass = tf.gather(tf.constant(classWeights), labels, tf.constant(0));
    Operand<TFloat32> weights = tf.math.mul(counted, ofClass);
    return tf.math.divNoNan(weights, ofStep(weights));
  }

  private Operand<TFloat32> ofStep(Operand<TFloat32> weights) {
    return pixelTotal == null ? total(weights) : pixelTotal;
  }

  private Operand<TFloat32> total(Operand<TFloat32> vector) {
    return tf.sum(vector, tf.constant(new int[] {0}));
  }

  /** In the shape of the logits: each row times the factor of its pixel. */
  private Operand<TFloat32> gradient(Operand<TFloat32> rows, Operand<TFloat32> factors) {
    return tf.reshape(
        tf.math.mul(rows, tf.expandDims(factors, tf.constant(1))),
        tf.constant(logits.shape().asArray()));
  }

  /**
   * As {@link NetworkOps#focalLoss}. With {@code l = log p} and {@code q = 1 - p}, a pixel's loss
   * is {@code -q^gamma l}. Its derivative is that of the cross-entropy times {@code q^gamma (1 -
   * gamma p l / q)}, where {@code -l / q} goes to 1 with {@code q} to 0. {@code q} is computed from
   * {@code l}, so that it is exact where {@code p} rounds to 1.
   */
  LossWithGradient focal(float gamma, float[] classWeights) {
    Operand<TFloat32> weights = pixelWeights(classWeights);
    SparseSoftmaxCrossEntropyWithLogits<TFloat32> entropy = entropy();
    Operand<TFloat32> q = tf.math.neg(tf.math.expm1(tf.math.neg(entropy.loss())));
    Operand<TFloat32> modulation = tf.math.pow(q, tf.constant(gamma));
    Operand<TFloat32> ratio =
        tf.select(
            tf.math.greater(q, tf.constant(TINY)),
            tf.math.div(entropy.loss(), tf.math.maximum(q, tf.constant(TINY))),
            tf.onesLike(q));
    Operand<TFloat32> p = tf.math.exp(tf.math.neg(entropy.loss()));
    Operand<TFloat32> slope =
        tf.math.mul(
            modulation,
            tf.math.add(tf.math.mul(tf.math.mul(p, ratio), tf.constant(gamma)), tf.constant(1f)));
    return new LossWithGradient(
        total(tf.math.mul(tf.math.mul(entropy.loss(), modulation), weights)),
        gradient(entropy.backprop(), tf.math.mul(slope, weights)));
  }

  /**
   * As {@link NetworkOps#diceLoss}. The derivative of the mean by a probability is {@code (dice - 2
   * g) / denominator} of its class, times the share of the class.
   */
  LossWithGradient dice() {
    Operand<TFloat32> mask = tf.expandDims(counted, tf.constant(1));
    Operand<TFloat32> probabilities = tf.nn.softmax(scores);
    Operand<TFloat32> truth =
        tf.math.mul(
            tf.oneHot(labels, tf.constant((int) classes), tf.constant(1f), tf.constant(0f)), mask);
    Operand<TFloat32> pixels = total(truth);
    Operand<TFloat32> denominators = tf.math.add(total(tf.math.mul(probabilities, mask)), pixels);
    Operand<TFloat32> overlap = total(tf.math.mul(probabilities, truth));
    Operand<TFloat32> dice = tf.math.divNoNan(tf.math.mul(overlap, tf.constant(2f)), denominators);
    Operand<TFloat32> present =
        tf.dtypes.cast(tf.math.greater(pixels, tf.constant(0f)), TFloat32.class);
    Operand<TFloat32> shares =
        tf.math.div(present, tf.math.maximum(total(present), tf.constant(1f)));
    Operand<TFloat32> loss = total(tf.math.mul(shares, tf.math.sub(tf.constant(1f), dice)));

    Operand<TFloat32> byProbability =
        tf.math.mul(
            tf.math.divNoNan(shares, denominators),
            tf.math.sub(dice, tf.math.mul(truth, tf.constant(2f))));
    Operand<TFloat32> mean =
        tf.sum(tf.math.mul(byProbability, probabilities), tf.constant(1), Sum.keepDims(true));
    Operand<TFloat32> byScore = tf.math.mul(probabilities, tf.math.sub(byProbability, mean));
    return new LossWithGradient(loss, gradient(byScore, counted));
  }
}
