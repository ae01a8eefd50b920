package dev.atrous.processor.ir;

/**
 * The operations that only derivatives need. {@code dy} is the derivative of the loss by the output
 * of the forward operation. Inputs called {@code like} give a shape and no values.
 */
public sealed interface GradientOp extends Op {

  /** {@code (weights, dy, like x)}: derivative by the map. */
  record Conv2DInputGradient(int stride, int rate, Padding padding) implements GradientOp {
    /** With symmetric padding. */
    public Conv2DInputGradient(int stride, int rate) {
      this(stride, rate, Padding.SYMMETRIC);
    }

    @Override
    public int likeInput() {
      return 2;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.conv2DInputGradient(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** {@code (x, dy, like weights)}: derivative by the weights. */
  record Conv2DFilterGradient(int stride, int rate, Padding padding) implements GradientOp {
    /** With symmetric padding. */
    public Conv2DFilterGradient(int stride, int rate) {
      this(stride, rate, Padding.SYMMETRIC);
    }

    @Override
    public int likeInput() {
      return 2;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.conv2DFilterGradient(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /**
   * {@code (x, dy, like weights)}: derivative by the weights at stride 1, of an odd kernel;
   * computed tap by tap, from those pixels alone at which the tap meets the map.
   */
  record Conv2DFilterGradientByTaps(int rate) implements GradientOp {
    @Override
    public int likeInput() {
      return 2;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.conv2DFilterGradientByTaps(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /**
   * {@code (dy, x, gamma, saved)}: derivatives by map, gamma and beta with batch statistics; {@code
   * saved} is the last output of {@link ForwardOp.BatchNormTraining}.
   */
  record BatchNormGradient(double epsilon) implements GradientOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.batchNormGradient(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /**
   * {@code (dy, x, gamma, saved)}: the same for {@link ForwardOp.SynchronizedBatchNorm}. The
   * derivative by the map is that of the losses of all workers, which its statistics reach; those
   * by gamma and beta are the worker's own share, as derivatives by all parameters are.
   */
  record SynchronizedBatchNormGradient(double epsilon) implements GradientOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.synchronizedBatchNormGradient(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /**
   * {@code (dy, x, gamma, mean, variance)}: derivatives by map, gamma and beta with given
   * statistics.
   */
  record FrozenBatchNormGradient(double epsilon) implements GradientOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.frozenBatchNormGradient(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** {@code (dy, like x)}: derivative of Widen, rounded to the numbers of maps. */
  record Narrow() implements GradientOp {
    @Override
    public int likeInput() {
      return 1;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.narrow(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** {@code (dy, y)}: {@code dy} where {@code y > 0}. */
  record ReluGradient() implements GradientOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.reluGradient(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** {@code (x, y, dy)}: {@code dy} at the first maximum of each window. */
  record MaxPoolGradient(int kernel, int stride, Padding padding) implements GradientOp {
    /** With symmetric padding. */
    public MaxPoolGradient(int kernel, int stride) {
      this(kernel, stride, Padding.SYMMETRIC);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.maxPoolGradient(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** {@code (dy, like x)}: {@code dy} with zeros between. */
  record SubsampleGradient(int stride) implements GradientOp {
    @Override
    public int likeInput() {
      return 1;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.subsampleGradient(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** {@code (dy, like x)}: {@code dy / (H * W)} everywhere. */
  record GlobalAveragePoolGradient() implements GradientOp {
    @Override
    public int likeInput() {
      return 1;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.globalAveragePoolGradient(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** {@code (dy)}: sum over rows and columns, {@code [N, 1, 1, C]}. */
  record SumPerImage() implements GradientOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.sumPerImage(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** {@code (dy)}: sum over images, rows and columns, {@code [C]}. */
  record BiasGradient() implements GradientOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.biasGradient(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** {@code (dy, like x)}: {@code dy} with zeros before and after. */
  record SliceGradient(int axis, int begin, int end) implements GradientOp {
    @Override
    public int likeInput() {
      return 1;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.sliceGradient(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** {@code (dy, like x)}: the transposed interpolation. */
  record InterpolateGradient(boolean alignCorners) implements GradientOp {
    @Override
    public int likeInput() {
      return 1;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.interpolateGradient(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** {@code (x, y)}: every element times that of {@code y}, or times the scalar {@code y}. */
  record Multiply() implements GradientOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.multiply(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /**
   * {@code (gradient, ...)}: the factor, at most 1, that takes the norm of all of them together to
   * {@code norm} at most: {@code min(1, norm / (|g| + 1e-6))}.
   */
  record ClipFactor(double norm) implements GradientOp {
    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.clipFactor(this);
    }

    @Override
    public <R> R accept(Op.Visitor<R> visitor) {
      return accept((Visitor<R>) visitor);
    }
  }

  /** Calls the visitor's method for this operation. */
  <R> R accept(Visitor<R> visitor);

  /** One method for every derivative operation. */
  interface Visitor<R> {

    R conv2DInputGradient(Conv2DInputGradient op);

    R conv2DFilterGradient(Conv2DFilterGradient op);

    R conv2DFilterGradientByTaps(Conv2DFilterGradientByTaps op);

    R batchNormGradient(BatchNormGradient op);

    R synchronizedBatchNormGradient(SynchronizedBatchNormGradient op);

    R frozenBatchNormGradient(FrozenBatchNormGradient op);

    R narrow(Narrow op);

    R reluGradient(ReluGradient op);

    R maxPoolGradient(MaxPoolGradient op);

    R subsampleGradient(SubsampleGradient op);

    R globalAveragePoolGradient(GlobalAveragePoolGradient op);

    R sumPerImage(SumPerImage op);

    R biasGradient(BiasGradient op);

    R sliceGradient(SliceGradient op);

    R interpolateGradient(InterpolateGradient op);

    R multiply(Multiply op);

    R clipFactor(ClipFactor op);
  }
}
