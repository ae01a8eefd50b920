package dev.atrous.annotation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The training recipe (section 4.1 of the paper): stochastic gradient descent with momentum, the
 * poly learning-rate schedule, L2 regularisation of the convolution weights, batch normalisation
 * with moving averages. Batch size, steps, learning rate, schedule and warm-up are defaults that
 * the command line can change; the others are compiled into the training step.
 *
 * <pre>{@code @Training(batchSize = 16, steps = 30_000, learningRate = 0.007)}</pre>
 *
 * <p>The two phases of the paper's training, the second at output stride 8 and with frozen batch
 * normalisation:
 *
 * <pre>{@code
 * @Training(phases = {
 *     @Training.Phase(split = "trainaug"),
 *     @Training.Phase(split = "trainval", outputStride = 8, learningRate = 0.001,
 *         batchNorm = Training.BatchNorm.FROZEN)})
 * }</pre>
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

  /** Learning rate of the first step, or of the first after the warm-up; greater than 0. */
  double learningRate() default 0.007;

  /** How the learning rate falls from {@link #learningRate} to 0. */
  Schedule schedule() default Schedule.POLY;

  /** Exponent of the poly schedule; greater than 0. Without effect in the others. */
  double power() default 0.9;

  /**
   * Steps at the beginning in which the learning rate rises linearly to {@link #learningRate}: step
   * {@code i}, counted from 0, has {@code learningRate * (i + 1) / (warmupSteps + 1)}. The schedule
   * begins after them. At least 0, for none, and less than {@link #steps}.
   */
  int warmupSteps() default 0;

  /**
   * How many batches of {@link #batchSize} crops make a step, computed one after the other: their
   * gradients add up to those of one batch of all the crops, in the memory of one. Batch
   * normalisation that is trained has the statistics of each batch; frozen, the step is the same as
   * that of the large batch. At least 1. The Dice loss, which is no sum over pixels, can't be
   * trained with more.
   */
  int accumulate() default 1;

  /** What a step makes of the gradients. */
  Optimizer optimizer() default Optimizer.SGD;

  /**
   * Momentum of the gradient descent; for {@link Optimizer#ADAMW} the share that the mean of the
   * gradients keeps at each step, its beta1. 0 to less than 1.
   */
  double momentum() default 0.9;

  /**
   * The share that the mean of the squared gradients keeps at each step, 0 to less than 1. For
   * {@link Optimizer#ADAMW} alone.
   */
  double beta2() default 0.999;

  /**
   * How weights shrink, 0 to less than 1. For {@link Optimizer#SGD} it is L2 regularisation: {@code
   * weightDecay / 2 * |w|^2} of every convolution's weights is added to the loss. For {@link
   * Optimizer#ADAMW} each step multiplies them by {@code 1 - rate * weightDecay}, whatever the
   * gradients; 0.01 is usual.
   */
  double weightDecay() default 1e-4;

  /**
   * Largest norm of the gradient: the root of the sum of the squares of all derivatives of the loss
   * by trained parameters. Where it is larger, all are multiplied by {@code clipNorm / (norm +
   * 1e-6)}. The gradient is that of the loss over the batch alone: neither weight decay nor the
   * learning rate of a part are in it, as in torch's {@code clip_grad_norm_}. At least 0; 0, the
   * default, for no limit. With a limit, the derivatives by all parameters are in memory at the end
   * of the backward pass.
   */
  double clipNorm() default 0;

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
   * What becomes of batch normalisation. Frozen, it can start from trained weights alone: {@code
   * train} then needs {@code --weights}.
   */
  BatchNorm batchNorm() default BatchNorm.TRAINED;

  /**
   * The learning rate by the part {@code t} of the run that is over: {@code t = (step -
   * warmupSteps) / (steps - warmupSteps)}, with steps counted from 0.
   */
  enum Schedule {
    /** {@code learningRate * (1 - t) ^ power}; the paper's. */
    POLY,
    /** {@code learningRate * (1 + cos(pi * t)) / 2} (Loshchilov and Hutter 2017, one period). */
    COSINE
  }

  /**
   * Parts of the network that are not trained like the rest: frozen, or at another learning rate. A
   * part that is named itself does not follow what is said of {@code backbone}:
   *
   * <pre>{@code
   * @Training(parts = {
   *     @Training.Part(value = "backbone", learningRate = 0.1),
   *     @Training.Part(value = "block1", frozen = true)})
   * }</pre>
   */
  Part[] parts() default {};

  /** How a part of the network is trained. */
  @Target({})
  @Retention(RetentionPolicy.CLASS)
  @interface Part {
    /**
     * Its name, as {@code describe} shows it: {@code stem}, {@code block1} and following, {@code
     * aspp}, {@code head}, {@code auxiliary}; or {@code backbone}, for stem and all blocks.
     */
    String value();

    /**
     * Factor of the learning rate; greater than 0 and at most 1000. Weight decay, which steps by
     * the learning rate, has it as well.
     */
    double learningRate() default 1;

    /**
     * Whether the part stays as the weights that training starts from have it: {@code train} then
     * needs {@code --weights}. Its batch normalisation is frozen as well, as {@link
     * BatchNorm#FROZEN} says: it normalises with moving averages, which do not move. No derivatives
     * are computed that only frozen parts would need: freezing the first parts of the network saves
     * their backward pass and the memory for it.
     */
    boolean frozen() default false;
  }

  /**
   * Trainings that follow one another: none, the default, or two and more. Each starts from the
   * weights at the end of the one before, with new momenta and at the begin of its own schedule.
   * {@code train} runs them all. The model is what it is after the last one: its output stride is
   * that of the last phase.
   */
  Phase[] phases() default {};

  /**
   * One of several trainings that follow one another. What it does not write is as the rest of the
   * spec says.
   */
  @Target({})
  @Retention(RetentionPolicy.CLASS)
  @interface Phase {
    /**
     * Output stride of the network; one of those that {@code describe} shows for inference. The
     * rates of the pyramid follow it: they are twice as large at half the stride. Default: that of
     * {@code @Backbone}.
     */
    int outputStride() default 0;

    /** What it does with batch normalisation. Default: {@link Training#batchNorm}. */
    BatchNorm batchNorm() default BatchNorm.TRAINED;

    /** Learning rate of its first step. Default: {@link Training#learningRate}. */
    double learningRate() default 0;

    /** Its steps. Default: {@link Training#steps}. */
    int steps() default 0;

    /** Steps at its beginning in which the rate rises. Default: {@link Training#warmupSteps}. */
    int warmupSteps() default 0;

    /** Crops in a step. Default: {@link Training#batchSize}. */
    int batchSize() default 0;

    /** Side of the crops in pixels. Default: that of {@code @SegmentationModel}. */
    int crop() default 0;

    /** The split of the data set that it trains on. Default: {@code train}. */
    String split() default "train";
  }

  /** Makes a step of gradients. With {@code g} the gradient and {@code rate} the learning rate: */
  enum Optimizer {
    /**
     * Gradient descent with momentum: {@code m = momentum * m + (g + weightDecay * w)}, {@code w =
     * w - rate * m}.
     */
    SGD,
    /**
     * Adam with decoupled weight decay (Loshchilov and Hutter 2019), as torch has it, at step
     * {@code t} counted from 1: {@code w = (1 - rate * weightDecay) * w}, {@code m = momentum * m +
     * (1 - momentum) * g}, {@code v = beta2 * v + (1 - beta2) * g^2}, {@code w = w - rate * m / (1
     * - momentum^t) / (sqrt(v / (1 - beta2^t)) + 1e-8)}. It wants a smaller learning rate than
     * {@link #SGD}, and memory for {@code m} and {@code v}.
     */
    ADAMW
  }

  /** What training does with batch normalisation. */
  enum BatchNorm {
    /**
     * It normalises with the statistics of the batch, whose moving averages are kept for inference,
     * and learns its scale and shift.
     */
    TRAINED,
    /**
     * As {@link #TRAINED}, with the statistics of the batches that all workers of a training
     * compute at once: each normalises as one worker with all of these crops would. It is for
     * workers whose own batches are small. They exchange a few values for each channel of a map,
     * twice in the forward and once in the backward pass, and do without XLA. One worker alone
     * computes what it does with {@link #TRAINED}; weights and checkpoints are those of {@link
     * #TRAINED}, too.
     */
    SYNCHRONIZED,
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
