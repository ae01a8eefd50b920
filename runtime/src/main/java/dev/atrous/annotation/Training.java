package dev.atrous.annotation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The training recipe (section 4.1 of the paper): stochastic gradient descent with momentum, the
 * poly learning-rate schedule {@code learningRate * (1 - step / steps) ^ power}, L2 regularisation
 * of the convolution weights, batch normalisation with moving averages. Batch size, steps and
 * learning rate are defaults that the command line can change; the others are compiled into the
 * training step.
 *
 * <pre>{@code @Training(batchSize = 16, steps = 30_000, learningRate = 0.007)}</pre>
 *
 * <p>The second phase of the paper's training, from the weights of the first and at output stride
 * 8:
 *
 * <pre>{@code @Training(learningRate = 0.001, batchNorm = Training.BatchNorm.FROZEN)}</pre>
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
public @interface Training {

  /**
   * Crops in a step; at least 1. The paper finds that batch normalisation wants 12 or more (Table
   * 8).
   */
  int batchSize() default 16;

  /** Steps of a full run; at least 1. */
  int steps() default 30_000;

  /** Learning rate of the first step; greater than 0. */
  double learningRate() default 0.007;

  /** Exponent of the poly schedule; greater than 0. */
  double power() default 0.9;

  /** Momentum of the gradient descent: 0 to less than 1. */
  double momentum() default 0.9;

  /**
   * L2 regularisation: {@code weightDecay / 2 * |w|^2} of every convolution's weights is added to
   * the loss.
   */
  double weightDecay() default 1e-4;

  /**
   * Decay of the moving averages of batch normalisation, from 0 to less than 1: {@code average =
   * decay * average + (1 - decay) * batch}. The paper's 0.9997 suits runs of 30,000 steps from
   * trained weights; a short run from random weights wants about 0.99. Without effect where batch
   * normalisation is {@linkplain #batchNorm frozen}.
   */
  double batchNormDecay() default 0.9997;

  /**
   * Smallest factor by which images are scaled at random before they are cropped; greater than 0.
   */
  double minScale() default 0.5;

  /** Largest factor by which images are scaled at random; at least {@link #minScale}. */
  double maxScale() default 2.0;

  /** Whether half of the crops are mirrored top to bottom too. The paper mirrors left to right. */
  boolean verticalFlip() default false;

  /**
   * Largest angle in degrees by which crops are turned at random, to either side: 0, the default,
   * for none, to 180. The image is interpolated bilinearly, labels are the nearest ones; what lies
   * outside of the image is ignored.
   */
  double rotation() default 0;

  /**
   * Random brightness: every value is multiplied by a factor from {@code 1 - brightness} to {@code
   * 1 + brightness}. 0, the default, for none, to 1. This and the three others are torchvision's
   * {@code ColorJitter}, applied in random order; values are cut to 0..255 after each.
   */
  double brightness() default 0;

  /**
   * Random contrast: every value becomes {@code f * value + (1 - f) * m}, with a factor f from
   * {@code 1 - contrast} to {@code 1 + contrast} and the mean grey m of the crop. 0, the default,
   * for none, to 1. Grey is {@code 0.2989 R + 0.587 G + 0.114 B}.
   */
  double contrast() default 0;

  /**
   * Random saturation: as {@link #contrast}, with the grey of each pixel instead of the mean. 0,
   * the default, for none, to 1.
   */
  double saturation() default 0;

  /**
   * Random hue, turned by up to this share of the circle of colours to either side. 0, the default,
   * for none, to 0.5 for any hue.
   */
  double hue() default 0;

  /**
   * Whether batch normalisation is trained. Frozen, it can start from trained weights alone: {@code
   * train} then needs {@code --weights}.
   */
  BatchNorm batchNorm() default BatchNorm.TRAINED;

  /** What training does with batch normalisation. */
  enum BatchNorm {
    /**
     * It normalises with the statistics of the batch, whose moving averages are kept for inference,
     * and learns its scale and shift.
     */
    TRAINED,
    /**
     * It normalises with the moving averages of the weights that training starts from. They stay as
     * they are, and so do scale and shift (section 4.1 of the paper). It makes small batches
     * possible.
     */
    FROZEN
  }

  /**
   * What a training step may keep, in MiB; 0, the default, for no limit. More is an error, with the
   * largest layers and a batch size and a crop that fit.
   *
   * <p>Counted are the parameters with the moving averages, the momenta, and what the step keeps of
   * the forward pass for the backward pass, for a batch at the crop. Not counted is what lives for
   * one operation only: gradients, TensorFlow's workspace for convolutions, copies in another
   * layout; nor the images that are loaded ahead, and TensorFlow itself. Leave room for them.
   */
  int memoryBudget() default 0;
}
