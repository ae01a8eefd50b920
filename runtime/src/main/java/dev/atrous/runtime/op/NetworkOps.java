package dev.atrous.runtime.op;

import java.util.Arrays;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TNumber;
import org.tensorflow.types.family.TType;

/**
 * The forward operations that generated code is written in. Feature maps are {@code [N, H, W, C]};
 * sizes may be unknown ({@code -1}) in an inference graph. Convolutions and pools pad
 * symmetrically, as the paper's and torchvision's do: {@code rate * (kernel - 1) / 2} on each side,
 * whatever the parity of the map.
 *
 * <p>Maps have numbers of one type, float32 or bfloat16. Everything else is in float32: parameters,
 * statistics, class scores, losses. An operation on a map of bfloat16 sums in float32 and rounds
 * its result once; a convolution rounds its weights, too.
 *
 * @param <M> the numbers of the maps of the network
 */
public final class NetworkOps<M extends TFloating> {
  /** The label of pixels that count neither in the loss nor in the evaluation. */
  public static final int IGNORED_LABEL = 255;

  private final Scopes scopes;
  private final Ops tf;
  private final ParameterValues parameters;
  private final Path path;
  private final ConvolutionKernel kernel;
  private final Class<M> maps;
  private final StepContext context;

  /**
   * Operations that go to the scope of {@code tf} and read {@code parameters}, with TensorFlow's
   * own convolutions.
   */
  public NetworkOps(Ops tf, ParameterValues parameters, Class<M> maps) {
    this(new Scopes(tf), parameters, new TensorFlowKernel(), maps);
  }

  /**
   * Operations of an inference graph.
   *
   * @param scopes where they go
   * @param kernel computes the convolutions
   * @param maps the numbers of feature maps
   */
  public NetworkOps(
      Scopes scopes, ParameterValues parameters, ConvolutionKernel kernel, Class<M> maps) {
    this(scopes, scopes.root(), parameters, Path.ROOT, kernel, maps, StepContext.NONE);
  }

  /**
   * Operations of a training step.
   *
   * @param scopes where they go, as its gradients and updates do
   * @param step number of the step, a scalar: what {@link #dropout} draws follows from it
   * @param kernel computes the convolutions
   * @param maps the numbers of feature maps
   */
  public NetworkOps(
      Scopes scopes,
      Variables variables,
      Operand<TInt64> step,
      ConvolutionKernel kernel,
      Class<M> maps) {
    this(scopes, scopes.root(), variables, Path.ROOT, kernel, maps, StepContext.of(step));
  }

  /** The same operations for a step that XLA compiles. */
  public NetworkOps<M> forXla() {
    return with(context.forXla());
  }

  private NetworkOps<M> with(StepContext other) {
    return new NetworkOps<>(scopes, tf, parameters, path, kernel, maps, other);
  }

  /**
   * The same operations for a step of one of several workers.
   *
   * @param sums over all of them
   */
  public NetworkOps<M> withWorkers(WorkerSums sums) {
    return with(context.withWorkers(sums));
  }

  /**
   * The same operations for a run with class weights of its own.
   *
   * @param weights one for each class
   */
  public NetworkOps<M> withClassWeights(float... weights) {
    return with(context.withClassWeights(weights));
  }

  /**
   * The same operations for one of the batches of a step.
   *
   * @param part its number, a scalar; what {@link #dropout} draws is the part of what it would draw
   *     for all crops of the step, if those of a batch have a multiple of four numbers
   * @param pixelTotal the labelled pixels of the whole step, or the sum of their class weights; 1
   *     if there are none. A scalar. Means over pixels are sums over this batch divided by it.
   */
  public NetworkOps<M> withPart(Operand<TInt64> part, Operand<TFloat32> pixelTotal) {
    return with(context.withPart(part, pixelTotal));
  }

  private NetworkOps(
      Scopes scopes,
      Ops tf,
      ParameterValues parameters,
      Path path,
      ConvolutionKernel kernel,
      Class<M> maps,
      StepContext context) {
    this.scopes = scopes;
    this.tf = tf;
    this.parameters = parameters;
    this.path = path;
    this.kernel = kernel;
    this.maps = maps;
    this.context = context;
  }

  /**
   * The same operations for a part of the network: they are named below {@code scope}, and so are
   * its parameters.
   *
   * @param scope for example {@code block4/unit1}
   */
  public NetworkOps<M> in(String scope) {
    Path inner = path.below(scope);
    return new NetworkOps<>(
        scopes, scopes.enter(inner.scope()), parameters, inner, kernel, maps, context);
  }

  /**
   * The value of a parameter at the start of the step.
   *
   * @param name below the scope, for example {@code conv2/weights}
   */
  public Operand<TFloat32> parameter(String name) {
    return read(path.of(name));
  }

  /** As {@link #parameter}, by its full name. */
  Operand<TFloat32> read(String name) {
    return parameters.read(name);
  }

  /** A constant scalar. */
  public Operand<TFloat32> scalar(float value) {
    return tf.constant(value);
  }

  /** {@code (image - mean) / deviation} for each channel, of integers or floats. */
  public Operand<M> normalize(Operand<? extends TNumber> images, float[] mean, float[] deviation) {
    return normalize(images, tf.constant(mean), tf.constant(deviation));
  }

  /**
   * As {@link #normalize(Operand, float[], float[])}, by parameters.
   *
   * @param name of the statistics below the scope: {@code name/mean} and {@code name/deviation}
   */
  public Operand<M> normalizeBands(Operand<? extends TNumber> images, String name) {
    return normalize(images, parameter(name + "/mean"), parameter(name + "/deviation"));
  }

  private Operand<M> normalize(
      Operand<? extends TNumber> images, Operand<TFloat32> mean, Operand<TFloat32> deviation) {
    Operand<TFloat32> normalized =
        tf.math.div(tf.math.sub(tf.dtypes.cast(images, TFloat32.class), mean), deviation);
    return Numbers.cast(tf, normalized, maps);
  }

  /** A map in float32, for what class scores and losses are computed from. */
  public Operand<TFloat32> widen(Operand<M> x) {
    return wide(x);
  }

  private Operand<TFloat32> wide(Operand<? extends TFloating> x) {
    return Numbers.cast(tf, x, TFloat32.class);
  }

  /**
   * Convolution, atrous where {@code rate > 1}.
   *
   * @param weights {@code [kernel, kernel, input channels, output channels]}
   * @return {@code [N, (H - 1) / stride + 1, (W - 1) / stride + 1, output channels]} for odd
   *     kernels
   */
  public <T extends TFloating> Operand<T> conv2d(
      Operand<T> x, Operand<TFloat32> weights, int stride, int rate) {
    return conv2d(x, weights, stride, rate, PaddingMode.SYMMETRIC);
  }

  /** {@link #conv2d(Operand, Operand, int, int)} with a choice of padding. */
  public <T extends TFloating> Operand<T> conv2d(
      Operand<T> x, Operand<TFloat32> weights, int stride, int rate, PaddingMode mode) {
    return kernel.convolve(tf, x, weights, new Window(stride, rate, mode));
  }

  /**
   * A convolution of an inference graph, to which what follows it is added before it is built.
   *
   * @param x {@code [N, H, W, input channels]}
   * @param weights name below the scope
   */
  public <T extends TFloating> Convolution<T> convolution(
      Operand<T> x, String weights, int stride, int rate) {
    return convolution(x, weights, stride, rate, PaddingMode.SYMMETRIC);
  }

  /** {@link #convolution(Operand, String, int, int)} with a choice of padding. */
  public <T extends TFloating> Convolution<T> convolution(
      Operand<T> x, String weights, int stride, int rate, PaddingMode mode) {
    return new Convolution<>(this, path, x, weights, new Window(stride, rate, mode));
  }

  <T extends TFloating> Operand<T> fused(Convolution<T> convolution) {
    return kernel.fused(tf, convolution);
  }

  /**
   * Batch normalisation with its moving averages, as in inference and where training freezes it.
   *
   * @param name of the normalisation below the scope; its parameters are {@code name/gamma}, {@code
   *     name/beta}, {@code name/moving_mean} and {@code name/moving_variance}
   * @param epsilon added to the variance
   */
  public <T extends TFloating> Operand<T> batchNorm(Operand<T> x, String name, float epsilon) {
    return batchNorm(x, new Convolution.Normalization(path.of(name), epsilon));
  }

  <T extends TFloating> Operand<T> batchNorm(Operand<T> x, Convolution.Normalization norm) {
    FrozenBatchNorm frozen =
        new FrozenBatchNorm(
            read(norm.name() + "/gamma"),
            read(norm.name() + "/moving_mean"),
            read(norm.name() + "/moving_variance"),
            norm.epsilon());
    return frozen.of(tf, x, read(norm.name() + "/beta"));
  }

  /**
   * Batch normalisation with the mean and variance of the batch itself, as in training.
   *
   * @param name of the normalisation below the scope; its parameters are {@code name/gamma} and
   *     {@code name/beta}
   * @param epsilon added to the variance
   */
  public <T extends TFloating> BatchNorm<T> batchNormTraining(
      Operand<T> x, String name, float epsilon) {
    return batchNormTraining(x, parameter(name + "/gamma"), parameter(name + "/beta"), epsilon);
  }

  <T extends TFloating> BatchNorm<T> batchNormTraining(
      Operand<T> x, Operand<TFloat32> gamma, Operand<TFloat32> beta, float epsilon) {
    return context.xla()
        ? LocalBatchNorm.centred(tf, x, gamma, beta, epsilon)
        : LocalBatchNorm.of(tf, x, gamma, beta, epsilon);
  }

  /**
   * {@link #batchNormTraining} with mean and variance of the batches of all workers. One worker
   * alone computes the same in either way.
   */
  public <T extends TFloating> BatchNorm<T> synchronizedBatchNorm(
      Operand<T> x, String name, float epsilon) {
    return synchronizedBatchNorm(x, parameter(name + "/gamma"), parameter(name + "/beta"), epsilon);
  }

  <T extends TFloating> BatchNorm<T> synchronizedBatchNorm(
      Operand<T> x, Operand<TFloat32> gamma, Operand<TFloat32> beta, float epsilon) {
    if (context.workers().workers() == 1) {
      return batchNormTraining(x, gamma, beta, epsilon);
    }
    if (context.xla()) {
      throw new IllegalStateException("sums over workers can't be part of a program of XLA's");
    }
    return SynchronizedBatchNorm.of(tf, context.workers(), x, gamma, beta, epsilon);
  }

  /** {@code max(x, 0)}. */
  public <T extends TFloating> Operand<T> relu(Operand<T> x) {
    return tf.nn.relu(x);
  }

  /** The sum of two maps of one shape. */
  public <T extends TFloating> Operand<T> add(Operand<T> a, Operand<T> b) {
    return tf.math.add(a, b);
  }

  /** Maximum over {@code kernel x kernel} windows; what lies outside the map never wins. */
  public <T extends TFloating> Operand<T> maxPool(Operand<T> x, int kernel, int stride) {
    return maxPool(x, kernel, stride, PaddingMode.SYMMETRIC);
  }

  /** {@link #maxPool(Operand, int, int)} with a choice of padding. */
  public <T extends TFloating> Operand<T> maxPool(
      Operand<T> x, int kernel, int stride, PaddingMode mode) {
    return new MaxPool(kernel, new Window(stride, 1, mode)).of(tf, x);
  }

  /** Every {@code stride}-th row and column, from the first. */
  public <T extends TFloating> Operand<T> subsample(Operand<T> x, int stride) {
    return stride == 1
        ? x
        : tf.stridedSlice(
            x, Indices.all(), Indices.step(stride), Indices.step(stride), Indices.all());
  }

  /**
   * Mean over rows and columns, {@code [N, 1, 1, C]}. It is a statistic, so in float32: the few
   * values of a batch may be similar, and the normalisation that follows shows their differences.
   */
  public Operand<TFloat32> globalAveragePool(Operand<? extends TFloating> x) {
    Operand<TFloat32> columns = tf.math.mean(wide(x), tf.constant(2), Mean.keepDims(true));
    return tf.math.mean(columns, tf.constant(1), Mean.keepDims(true));
  }

  /** {@code [N, 1, 1, C]} repeated over the rows and columns of {@code like}, in its numbers. */
  public <T extends TFloating> Operand<T> broadcast(Operand<TFloat32> x, Operand<T> like) {
    Operand<TInt32> size =
        tf.slice(tf.shape(like), tf.constant(new int[] {1}), tf.constant(new int[] {2}));
    Operand<TInt32> one = tf.constant(new int[] {1});
    return tf.tile(
        Numbers.cast(tf, x, like.type()), tf.concat(List.of(one, size, one), tf.constant(0)));
  }

  /** Maps of one size side by side along the channels. */
  public <T extends TFloating> Operand<T> concat(List<Operand<T>> maps) {
    return tf.concat(maps, tf.constant(3));
  }

  /** Adds a value for each channel: {@code [N, H, W, C] + [C]}. */
  public <T extends TFloating> Operand<T> addBias(Operand<T> x, Operand<TFloat32> bias) {
    return tf.nn.biasAdd(x, Numbers.cast(tf, bias, x.type()));
  }

  /** Adds a value for each image and channel: {@code [N, H, W, C] + [N, 1, 1, C]}. */
  public <T extends TFloating> Operand<T> addPerImage(Operand<T> x, Operand<TFloat32> perImage) {
    return Numbers.cast(tf, tf.math.add(wide(x), perImage), x.type());
  }

  /** The part of {@code x} between {@code begin} and {@code end} of one axis. */
  public <T extends TFloating> Operand<T> slice(Operand<T> x, int axis, int begin, int end) {
    int[] from = new int[x.shape().numDimensions()];
    int[] size = new int[from.length];
    Arrays.fill(size, -1);
    from[axis] = begin;
    size[axis] = end - begin;
    return tf.slice(x, tf.constant(from), tf.constant(size));
  }

  /**
   * Bilinear interpolation to the rows and columns of {@code like}.
   *
   * @param like {@code [N, H, W]} or {@code [N, H, W, *]}
   * @param alignCorners whether the centres of the corner pixels coincide; otherwise the corners
   *     themselves do (half-pixel centres)
   */
  public Operand<TFloat32> interpolate(
      Operand<TFloat32> x, Operand<? extends TType> like, boolean alignCorners) {
    return new Bilinear(tf, x, like, alignCorners).apply(x);
  }

  /**
   * Bilinear interpolation to chosen pixels, or between them.
   *
   * @param like what {@code x} covers, {@code [N, H, W]} or {@code [N, H, W, *]}
   * @param rows {@code [R]}, where 0 is the centre of the first row of {@code like}; outside of it
   *     the border of {@code x} is repeated
   * @param columns {@code [K]}, likewise
   * @param alignCorners as above
   * @return {@code [N, R, K, C]}
   */
  public Operand<TFloat32> interpolate(
      Operand<TFloat32> x,
      Operand<? extends TType> like,
      Operand<TFloat32> rows,
      Operand<TFloat32> columns,
      boolean alignCorners) {
    return new Bilinear(tf, x, like, rows, columns, alignCorners).apply(x);
  }

  /**
   * Sets a share of the values to zero and divides the others by what remains, in training. Which
   * ones follows from the step and the name alone: runs repeat, and every device draws the same,
   * with XLA or without.
   *
   * @param share probability of a zero, 0 to less than 1
   * @param name tells the dropouts of a scope apart
   */
  public <T extends TFloating> Dropout<T> dropout(Operand<T> x, float share, String name) {
    Operand<TInt64> step = context.step();
    if (step == null) {
      throw new IllegalStateException("dropout is for training, and this graph has no step");
    }
    Operand<TFloat32> factors =
        new DropoutFactors(tf, step, context.part())
            .draw(x.shape(), share, path.of(name).hashCode());
    return new Dropout<>(Numbers.cast(tf, tf.math.mul(wide(x), factors), x.type()), factors);
  }

  /**
   * A dropout in training.
   *
   * @param y the map with zeros, {@code [N, H, W, C]}
   * @param factors 0 or {@code 1 / (1 - share)}, of the same shape
   */
  public record Dropout<T extends TFloating>(Operand<T> y, Operand<TFloat32> factors) {}

  /**
   * The sum of losses, each times its weight.
   *
   * @param losses scalars
   * @param weights one for each
   */
  public Operand<TFloat32> weightedSum(List<Operand<TFloat32>> losses, float... weights) {
    return Losses.sum(tf, losses, weights);
  }

  /**
   * Mean softmax cross-entropy over the pixels whose label is not 255; 0 if there is none.
   *
   * @param logits {@code [N, H, W, classes]}
   * @param labels {@code [N, H, W]}, each below the number of classes or 255
   * @param classWeights the weight of a pixel in the mean by its label, one for each class; none if
   *     all are 1. {@linkplain #withClassWeights Those of the run} take their place.
   */
  public LossWithGradient softmaxCrossEntropy(
      Operand<TFloat32> logits, Operand<TUint8> labels, float... classWeights) {
    return losses(logits, labels).crossEntropy(context.classWeights(classWeights));
  }

  /**
   * Sum of the softmax cross-entropy of the pixels whose label is not 255, without weights of
   * classes. For images of any size.
   *
   * @param logits {@code [N, H, W, classes]}, of which only the classes need be known
   * @param labels {@code [N, H, W]}, each below the number of classes or 255
   */
  public Operand<TFloat32> crossEntropySum(Operand<TFloat32> logits, Operand<TUint8> labels) {
    return losses(logits, labels).crossEntropySum();
  }

  /**
   * Mean focal loss: the cross-entropy of each pixel times {@code (1 - p)^gamma}, where {@code p}
   * is the probability of its class and {@code gamma} greater than 0; otherwise as above.
   */
  public LossWithGradient focalLoss(
      Operand<TFloat32> logits, Operand<TUint8> labels, float gamma, float... classWeights) {
    return losses(logits, labels).focal(gamma, context.classWeights(classWeights));
  }

  /**
   * Dice loss: the mean of {@code 1 - 2 sum(p g) / (sum(p) + sum(g))} over the classes that the
   * labels have, with sums over the pixels whose label is not 255; {@code g} is 1 for pixels of the
   * class. 0 if there is no such pixel. Logits and labels are as above.
   */
  public LossWithGradient diceLoss(Operand<TFloat32> logits, Operand<TUint8> labels) {
    return losses(logits, labels).dice();
  }

  private Losses losses(Operand<TFloat32> logits, Operand<TUint8> labels) {
    return new Losses(tf, logits, labels, context.pixelTotal());
  }
}
