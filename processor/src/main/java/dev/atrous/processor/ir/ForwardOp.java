package dev.atrous.processor.ir;

import java.util.List;

/**
 * The operations of networks. Feature maps are {@code [N, H, W, C]}; convolutions and pools pad as
 * their {@link Padding} says. Inputs called {@code like} give a shape and no values.
 *
 * <p>Unless it says something else, an operation takes maps of {@link DataType#MAP} or of float32,
 * and gives one of the same; parameters, statistics, scores and losses are in float32.
 */
public sealed interface ForwardOp extends Op {

  /**
   * {@code (images)}: integers to {@code (image - mean) / deviation}, per channel, in the numbers
   * of maps.
   */
  record Normalize(List<Double> mean, List<Double> deviation) implements ForwardOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.normalize(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /**
   * {@code (images, mean, deviation)}: as {@link Normalize}, by parameters with a value for each
   * channel.
   */
  record NormalizeBands() implements ForwardOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.normalizeBands(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** {@code (x, weights)}: convolution, atrous where the rate is above 1. */
  record Conv2D(int stride, int rate, Padding padding) implements ForwardOp {
    /** With symmetric padding. */
    public Conv2D(int stride, int rate) {
      this(stride, rate, Padding.SYMMETRIC);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.conv2D(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** {@code (x, gamma, beta, mean, variance)}: batch normalisation with given statistics. */
  record BatchNorm(double epsilon) implements ForwardOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.batchNorm(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /**
   * {@code (x, gamma, beta)}: batch normalisation with the statistics of the batch. Outputs the
   * normalised map, mean {@code [C]}, unbiased variance {@code [C]}, and what the derivative needs:
   * mean and biased variance, {@code [2, C]}.
   */
  record BatchNormTraining(double epsilon) implements ForwardOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.batchNormTraining(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /**
   * {@code (x, gamma, beta)}: {@link BatchNormTraining} with the statistics of the batches of all
   * workers that train together. Each normalises its own batch; mean, variances and what the
   * derivative needs are the same on all.
   */
  record SynchronizedBatchNorm(double epsilon) implements ForwardOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.synchronizedBatchNorm(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** {@code (x)}: a map in float32. */
  record Widen() implements ForwardOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.widen(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** {@code (x)}: {@code max(x, 0)}. */
  record Relu() implements ForwardOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.relu(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** {@code (a, b)}: sum of two tensors of one shape. */
  record Add() implements ForwardOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.add(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** {@code (x)}: maximum of each window, of an odd side. */
  record MaxPool(int kernel, int stride, Padding padding) implements ForwardOp {
    /** With symmetric padding. */
    public MaxPool(int kernel, int stride) {
      this(kernel, stride, Padding.SYMMETRIC);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.maxPool(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** {@code (x)}: every stride-th row and column, from the first. */
  record Subsample(int stride) implements ForwardOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.subsample(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** {@code (x)}: mean over rows and columns, {@code [N, 1, 1, C]}, in float32. */
  record GlobalAveragePool() implements ForwardOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.globalAveragePool(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /**
   * {@code (x, like)}: {@code [N, 1, 1, C]} in float32, repeated over the rows and columns of
   * {@code like} and in its numbers.
   */
  record Broadcast() implements ForwardOp {
    @Override
    public int likeInput() {
      return 1;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.broadcast(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** {@code (a, b, ...)}: side by side along the channels. */
  record Concat() implements ForwardOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.concat(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** {@code (x, bias)}: {@code [N, H, W, C] + [C]}. */
  record AddBias() implements ForwardOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.addBias(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** {@code (x, v)}: {@code [N, H, W, C] + [N, 1, 1, C]}, of which the second is in float32. */
  record AddPerImage() implements ForwardOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.addPerImage(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** {@code (x)}: the part between begin and end of one axis. */
  record Slice(int axis, int begin, int end) implements ForwardOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.slice(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /**
   * {@code (x, like)}: bilinear interpolation to the rows and columns of {@code like}, in float32.
   */
  record Interpolate(boolean alignCorners) implements ForwardOp {
    @Override
    public int likeInput() {
      return 1;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.interpolate(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /**
   * {@code (logits, labels)}: mean over the pixels whose label is not 255, with the weights of
   * their labels. Outputs the loss, a scalar, and its derivative by the logits.
   *
   * @param classWeights one for each class; empty if all are 1
   */
  record SoftmaxCrossEntropy(List<Double> classWeights) implements ForwardOp {
    public SoftmaxCrossEntropy {
      classWeights = List.copyOf(classWeights);
    }

    /** Without weights. */
    public SoftmaxCrossEntropy() {
      this(List.of());
    }

    @Override
    public String toString() {
      return classWeights.isEmpty() ? "SoftmaxCrossEntropy" : "SoftmaxCrossEntropy" + classWeights;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.softmaxCrossEntropy(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /**
   * {@code (logits, labels)}: mean of {@code -(1 - p)^gamma log p}, otherwise as {@link
   * SoftmaxCrossEntropy}.
   *
   * @param gamma greater than 0
   * @param classWeights one for each class; empty if all are 1
   */
  record FocalLoss(double gamma, List<Double> classWeights) implements ForwardOp {
    public FocalLoss {
      classWeights = List.copyOf(classWeights);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.focalLoss(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /**
   * {@code (logits, labels)}: mean over the classes that the labels have of {@code 1 - 2 sum(p g) /
   * (sum(p) + sum(g))}, with sums over the pixels whose label is not 255; {@code g} is 1 for pixels
   * of the class. Outputs as {@link SoftmaxCrossEntropy}.
   */
  record DiceLoss() implements ForwardOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.diceLoss(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /**
   * {@code (x)}: zero with a probability of {@code share}, otherwise divided by the rest. Outputs
   * the map and the factors, of the same shape and in float32.
   */
  record Dropout(double share) implements ForwardOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.dropout(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /**
   * Scalars, each times its weight, added.
   *
   * @param weights one for each input
   */
  record WeightedSum(List<Double> weights) implements ForwardOp {
    public WeightedSum {
      weights = List.copyOf(weights);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.weightedSum(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** Calls the visitor's method for this operation. */
  <R> R accept(Visitor<R> visitor);

  /** One method for every forward operation. */
  interface Visitor<R> {

    R normalize(Normalize op);

    R normalizeBands(NormalizeBands op);

    R conv2D(Conv2D op);

    R batchNorm(BatchNorm op);

    R batchNormTraining(BatchNormTraining op);

    R synchronizedBatchNorm(SynchronizedBatchNorm op);

    R widen(Widen op);

    R relu(Relu op);

    R add(Add op);

    R maxPool(MaxPool op);

    R subsample(Subsample op);

    R globalAveragePool(GlobalAveragePool op);

    R broadcast(Broadcast op);

    R concat(Concat op);

    R addBias(AddBias op);

    R addPerImage(AddPerImage op);

    R slice(Slice op);

    R interpolate(Interpolate op);

    R softmaxCrossEntropy(SoftmaxCrossEntropy op);

    R focalLoss(FocalLoss op);

    R diceLoss(DiceLoss op);

    R dropout(Dropout op);

    R weightedSum(WeightedSum op);
  }
}
