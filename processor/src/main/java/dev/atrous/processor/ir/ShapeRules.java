package dev.atrous.processor.ir;

import static dev.atrous.processor.ir.TensorType.f32;

import java.util.ArrayList;
import java.util.List;

/** The types of an operation's outputs, given its inputs. */
final class ShapeRules implements Op.Visitor<List<TensorType>> {
  private final Inputs inputs;

  private ShapeRules(Inputs inputs) {
    this.inputs = inputs;
  }

  /**
   * @param where the node, for the message
   * @throws ShapeException if the operation can't take the inputs
   */
  static List<TensorType> infer(Op op, List<Value> inputs, String where) {
    return op.accept(new ShapeRules(new Inputs(op, inputs, where)));
  }

  private TensorType in(int i) {
    return inputs.type(i);
  }

  private static TensorType like(TensorType numbers, Integer... shape) {
    return new TensorType(numbers.dataType(), List.of(shape));
  }

  /** Outputs along an axis of a window with symmetric padding. */
  private static int windows(int size, int kernel, int stride, int rate) {
    int halo = rate * (kernel - 1) / 2;
    int extent = rate * (kernel - 1) + 1;
    return (size + 2 * halo - extent) / stride + 1;
  }

  private TensorType withSpatial(TensorType map, int height, int width) {
    return like(map, map.size(0), height, width, map.size(3));
  }

  /** A value for each image and channel of a map. */
  private static TensorType perImage(TensorType map) {
    return f32(map.size(0), 1, 1, map.size(3));
  }

  private TensorType convolved(TensorType x, TensorType weights, int stride, int rate) {
    return like(
        x,
        x.size(0),
        windows(x.size(1), weights.size(0), stride, rate),
        windows(x.size(2), weights.size(1), stride, rate),
        weights.size(3));
  }

  // Sources

  @Override
  public List<TensorType> input(SourceOp.Input source) {
    inputs.requireCount(0);
    return List.of(source.type());
  }

  @Override
  public List<TensorType> parameter(SourceOp.Parameter source) {
    inputs.requireCount(0);
    return List.of(source.spec().type());
  }

  @Override
  public List<TensorType> scalar(SourceOp.Scalar source) {
    inputs.requireCount(0);
    return List.of(f32());
  }

  // Forward

  @Override
  public List<TensorType> normalize(ForwardOp.Normalize forward) {
    inputs.requireCount(1);
    int channels = in(0).size(in(0).rank() - 1);
    return normalized(channels == forward.mean().size() && channels == forward.deviation().size());
  }

  @Override
  public List<TensorType> normalizeBands(ForwardOp.NormalizeBands forward) {
    inputs.requireCount(3);
    return normalized(in(1).equals(f32(in(0).size(in(0).rank() - 1))) && in(2).equals(in(1)));
  }

  private List<TensorType> normalized(boolean fits) {
    boolean images = !in(0).dataType().isFloating() && in(0).rank() == 4;
    inputs.require(images && fits, "images with a mean and a deviation for each channel");
    return List.of(new TensorType(DataType.MAP, in(0).shape()));
  }

  @Override
  public List<TensorType> conv2D(ForwardOp.Conv2D conv) {
    inputs.requireCount(2);
    inputs.requireMap(0);
    inputs.requireFloat32(1);
    inputs.require(in(0).size(3) == in(1).size(2), "weights for the channels of the map");
    inputs.require(
        in(1).size(0) % 2 == 1 && in(1).size(1) % 2 == 1 && conv.stride() >= 1 && conv.rate() >= 1,
        "an odd kernel, a stride and a rate of at least 1");
    return List.of(convolved(in(0), in(1), conv.stride(), conv.rate()));
  }

  @Override
  public List<TensorType> batchNorm(ForwardOp.BatchNorm norm) {
    inputs.requireCount(5);
    inputs.requireMap(0);
    inputs.requireVectors(in(0).size(3), 1);
    return List.of(in(0));
  }

  @Override
  public List<TensorType> batchNormTraining(ForwardOp.BatchNormTraining norm) {
    return trainedNorm();
  }

  @Override
  public List<TensorType> synchronizedBatchNorm(ForwardOp.SynchronizedBatchNorm norm) {
    return trainedNorm();
  }

  private List<TensorType> trainedNorm() {
    inputs.requireCount(3);
    inputs.requireMap(0);
    int channels = in(0).size(3);
    inputs.requireVectors(channels, 1);
    return List.of(in(0), f32(channels), f32(channels), f32(2, channels));
  }

  @Override
  public List<TensorType> widen(ForwardOp.Widen widen) {
    inputs.requireCount(1);
    inputs.require(in(0).dataType() == DataType.MAP, "a map in the numbers of maps");
    return List.of(new TensorType(DataType.FLOAT32, in(0).shape()));
  }

  @Override
  public List<TensorType> relu(ForwardOp.Relu relu) {
    inputs.requireCount(1);
    inputs.requireMap(0);
    return List.of(in(0));
  }

  @Override
  public List<TensorType> add(ForwardOp.Add add) {
    inputs.requireCount(2);
    inputs.requireEqual(0, 1);
    return List.of(in(0));
  }

  @Override
  public List<TensorType> maxPool(ForwardOp.MaxPool pool) {
    inputs.requireCount(1);
    inputs.requireMap(0);
    inputs.require(pool.kernel() % 2 == 1 && pool.stride() >= 1, "an odd window and a stride");
    return List.of(
        withSpatial(
            in(0),
            windows(in(0).size(1), pool.kernel(), pool.stride(), 1),
            windows(in(0).size(2), pool.kernel(), pool.stride(), 1)));
  }

  @Override
  public List<TensorType> subsample(ForwardOp.Subsample subsample) {
    inputs.requireCount(1);
    inputs.requireMap(0);
    return List.of(
        withSpatial(
            in(0),
            windows(in(0).size(1), 1, subsample.stride(), 1),
            windows(in(0).size(2), 1, subsample.stride(), 1)));
  }

  @Override
  public List<TensorType> globalAveragePool(ForwardOp.GlobalAveragePool pool) {
    inputs.requireCount(1);
    inputs.requireMap(0);
    return List.of(perImage(in(0)));
  }

  @Override
  public List<TensorType> broadcast(ForwardOp.Broadcast broadcast) {
    inputs.requireCount(2);
    inputs.requireFloat32(0);
    inputs.requireMap(1);
    inputs.require(in(0).size(1) == 1 && in(0).size(2) == 1, "a map of one pixel");
    return List.of(like(in(1), in(0).size(0), in(1).size(1), in(1).size(2), in(0).size(3)));
  }

  @Override
  public List<TensorType> concat(ForwardOp.Concat concat) {
    inputs.require(inputs.count() > 0, "at least one map");
    int channels = 0;
    for (int i = 0; i < inputs.count(); i++) {
      inputs.requireMap(i);
      inputs.require(in(i).dataType() == in(0).dataType(), "maps of the same numbers");
      inputs.require(
          in(i).shape().subList(0, 3).equals(in(0).shape().subList(0, 3)), "maps of one size");
      channels += in(i).size(3);
    }
    return List.of(like(in(0), in(0).size(0), in(0).size(1), in(0).size(2), channels));
  }

  @Override
  public List<TensorType> addBias(ForwardOp.AddBias add) {
    inputs.requireCount(2);
    inputs.requireMap(0);
    inputs.requireVectors(in(0).size(3), 1);
    return List.of(in(0));
  }

  @Override
  public List<TensorType> addPerImage(ForwardOp.AddPerImage add) {
    inputs.requireCount(2);
    inputs.requireMap(0);
    inputs.require(in(1).equals(perImage(in(0))), "a vector in float32 for each image");
    return List.of(in(0));
  }

  @Override
  public List<TensorType> slice(ForwardOp.Slice slice) {
    inputs.requireCount(1);
    int axis = slice.axis();
    inputs.require(
        axis < in(0).rank()
            && 0 <= slice.begin()
            && slice.begin() < slice.end()
            && slice.end() <= in(0).size(axis),
        "a range of the axis");
    List<Integer> shape = new ArrayList<>(in(0).shape());
    shape.set(axis, slice.end() - slice.begin());
    return List.of(new TensorType(in(0).dataType(), shape));
  }

  @Override
  public List<TensorType> interpolate(ForwardOp.Interpolate interpolate) {
    inputs.requireCount(2);
    inputs.requireFloat32(0);
    inputs.require(in(1).rank() >= 3, "something with rows and columns");
    return List.of(withSpatial(in(0), in(1).size(1), in(1).size(2)));
  }

  @Override
  public List<TensorType> softmaxCrossEntropy(ForwardOp.SoftmaxCrossEntropy entropy) {
    return loss(entropy.classWeights());
  }

  /** Of logits and labels. */
  private List<TensorType> loss(List<Double> classWeights) {
    inputs.requireCount(2);
    inputs.requireFloat32(0);
    inputs.require(
        in(1).equals(new TensorType(DataType.UINT8, in(0).shape().subList(0, 3))),
        "a label for each pixel of the logits");
    inputs.require(
        classWeights.isEmpty() || classWeights.size() == in(0).size(3), "a weight for each class");
    return List.of(f32(), in(0));
  }

  @Override
  public List<TensorType> focalLoss(ForwardOp.FocalLoss focal) {
    inputs.require(focal.gamma() > 0, "a gamma greater than 0");
    return loss(focal.classWeights());
  }

  @Override
  public List<TensorType> diceLoss(ForwardOp.DiceLoss dice) {
    return loss(List.of());
  }

  @Override
  public List<TensorType> dropout(ForwardOp.Dropout dropout) {
    inputs.requireCount(1);
    inputs.requireMap(0);
    inputs.require(
        0 <= dropout.share() && dropout.share() < 1, "a share of at least 0 and less than 1");
    return List.of(in(0), new TensorType(DataType.FLOAT32, in(0).shape()));
  }

  @Override
  public List<TensorType> weightedSum(ForwardOp.WeightedSum sum) {
    inputs.requireCount(sum.weights().size());
    inputs.require(
        inputs.count() > 0 && inputs.types().stream().allMatch(f32()::equals), "scalars");
    return List.of(f32());
  }

  // Gradients

  @Override
  public List<TensorType> conv2DInputGradient(GradientOp.Conv2DInputGradient gradient) {
    inputs.requireCount(3);
    inputs.requireFloat32(0);
    inputs.require(
        in(1).equals(convolved(in(2), in(0), gradient.stride(), gradient.rate())),
        "a derivative of the shape of the convolution's output");
    return List.of(in(2));
  }

  @Override
  public List<TensorType> conv2DFilterGradient(GradientOp.Conv2DFilterGradient gradient) {
    return filterGradient(gradient.stride(), gradient.rate());
  }

  @Override
  public List<TensorType> conv2DFilterGradientByTaps(
      GradientOp.Conv2DFilterGradientByTaps gradient) {
    return filterGradient(1, gradient.rate());
  }

  private List<TensorType> filterGradient(int stride, int rate) {
    inputs.requireCount(3);
    inputs.requireFloat32(2);
    inputs.require(
        in(1).equals(convolved(in(0), in(2), stride, rate)),
        "a derivative of the shape of the convolution's output");
    return List.of(in(2));
  }

  @Override
  public List<TensorType> batchNormGradient(GradientOp.BatchNormGradient gradient) {
    return trainedNormGradient();
  }

  @Override
  public List<TensorType> synchronizedBatchNormGradient(
      GradientOp.SynchronizedBatchNormGradient gradient) {
    return trainedNormGradient();
  }

  private List<TensorType> trainedNormGradient() {
    inputs.requireCount(4);
    inputs.requireEqual(0, 1);
    int channels = in(0).size(3);
    inputs.require(
        in(2).equals(f32(channels)) && in(3).equals(f32(2, channels)), "gamma and statistics");
    return List.of(in(1), f32(channels), f32(channels));
  }

  @Override
  public List<TensorType> frozenBatchNormGradient(GradientOp.FrozenBatchNormGradient gradient) {
    inputs.requireCount(5);
    inputs.requireEqual(0, 1);
    int channels = in(0).size(3);
    inputs.requireVectors(channels, 2);
    return List.of(in(1), f32(channels), f32(channels));
  }

  @Override
  public List<TensorType> narrow(GradientOp.Narrow narrow) {
    inputs.requireCount(2);
    inputs.requireFloat32(0);
    inputs.require(
        in(1).dataType() == DataType.MAP && in(1).shape().equals(in(0).shape()),
        "a map of the shape of its derivative");
    return List.of(in(1));
  }

  @Override
  public List<TensorType> reluGradient(GradientOp.ReluGradient gradient) {
    inputs.requireCount(2);
    inputs.requireEqual(0, 1);
    return List.of(in(0));
  }

  @Override
  public List<TensorType> maxPoolGradient(GradientOp.MaxPoolGradient gradient) {
    inputs.requireCount(3);
    inputs.requireEqual(1, 2);
    return List.of(in(0));
  }

  @Override
  public List<TensorType> subsampleGradient(GradientOp.SubsampleGradient gradient) {
    inputs.requireCount(2);
    return List.of(in(1));
  }

  @Override
  public List<TensorType> globalAveragePoolGradient(GradientOp.GlobalAveragePoolGradient gradient) {
    inputs.requireCount(2);
    inputs.require(in(0).equals(perImage(in(1))), "a vector in float32 for each image");
    return List.of(in(1));
  }

  @Override
  public List<TensorType> sumPerImage(GradientOp.SumPerImage sum) {
    inputs.requireCount(1);
    inputs.requireMap(0);
    return List.of(perImage(in(0)));
  }

  @Override
  public List<TensorType> biasGradient(GradientOp.BiasGradient gradient) {
    inputs.requireCount(1);
    inputs.requireMap(0);
    return List.of(f32(in(0).size(3)));
  }

  @Override
  public List<TensorType> sliceGradient(GradientOp.SliceGradient gradient) {
    inputs.requireCount(2);
    inputs.require(
        in(0).size(gradient.axis()) == gradient.end() - gradient.begin(),
        "the derivative of the range");
    return List.of(in(1));
  }

  @Override
  public List<TensorType> interpolateGradient(GradientOp.InterpolateGradient gradient) {
    inputs.requireCount(2);
    inputs.requireFloat32(0);
    inputs.requireFloat32(1);
    return List.of(in(1));
  }

  @Override
  public List<TensorType> multiply(GradientOp.Multiply multiply) {
    inputs.requireCount(2);
    inputs.require(
        in(1).dataType() == DataType.FLOAT32
            && (in(1).rank() == 0 || in(1).shape().equals(in(0).shape())),
        "a scalar or a tensor of the same shape, in float32");
    return List.of(in(0));
  }

  @Override
  public List<TensorType> clipFactor(GradientOp.ClipFactor factor) {
    inputs.require(
        inputs.count() > 0
            && inputs.types().stream().allMatch(type -> type.dataType() == DataType.FLOAT32),
        "gradients in float32");
    return List.of(f32());
  }

  // Updates

  @Override
  public List<TensorType> momentum(UpdateOp.Momentum update) {
    return descent();
  }

  @Override
  public List<TensorType> adamW(UpdateOp.AdamW update) {
    return descent();
  }

  private List<TensorType> descent() {
    inputs.requireCount(2);
    inputs.require(inputs.isParameter(0), "a parameter");
    inputs.requireEqual(0, 1);
    return List.of();
  }

  @Override
  public List<TensorType> movingAverages(UpdateOp.MovingAverages update) {
    inputs.requireCount(4);
    inputs.require(inputs.isParameter(0) && inputs.isParameter(1), "two parameters");
    inputs.requireVectors(in(0).size(0), 0);
    return List.of();
  }
}
