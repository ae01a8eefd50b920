package dev.atrous.annotation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What training minimises: the sum of the losses that have a factor other than 0, each times its
 * factor. The paper's is the cross-entropy alone, which is also the default. An auxiliary head has
 * the same losses, times its own weight.
 *
 * <pre>{@code @Loss(crossEntropy = 1, dice = 0.5)}</pre>
 *
 * <pre>{@code @Loss(crossEntropy = 0, focal = 1, classWeights = {0.5, 1, 4})}</pre>
 *
 * <p>All of them are of the softmax of the scores at the size of the crop, over the pixels of the
 * whole batch whose label is not 255, which alone are counted; a batch without any has a loss of 0.
 * They are computed in float32. Below, {@code p} is the probability of a pixel's own class, and
 * {@code w} the weight of that class, 1 where there are no weights.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
public @interface Loss {

  /**
   * Factor of the cross-entropy, 0 to 1000: {@code sum(-w log p) / sum(w)}, as PyTorch's with
   * weights.
   */
  double crossEntropy() default 1;

  /**
   * Factor of the focal loss (Lin et al. 2017), 0 to 1000: {@code sum(-w (1 - p)^focalGamma log p)
   * / sum(w)}. Pixels that are right already count less than in the cross-entropy.
   */
  double focal() default 0;

  /**
   * Factor of the Dice loss (Milletari et al. 2016, with sums where they have sums of squares), 0
   * to 1000: the mean of {@code 1 - 2 sum(q g) / (sum(q) + sum(g))} over the classes that are in
   * the batch, where {@code q} is a pixel's probability of the class, and {@code g} 1 for the
   * pixels of that class and 0 for others. Each class counts the same, however few pixels it has.
   */
  double dice() default 0;

  /** Exponent of the focal loss, greater than 0 and at most 10; Lin et al. use 2. */
  double focalGamma() default 2;

  /**
   * Weights of the classes in the cross-entropy and in the focal loss, class 0 first: one for each
   * class, at least 0, not all of them 0. None, the default, is a weight of 1 for each. Only their
   * ratios matter, as the losses divide by the sum. {@code train --class-weights} replaces them.
   */
  double[] classWeights() default {};
}
