package dev.atrous.processor.interpreter;

import dev.atrous.processor.ir.GradientOp;
import java.util.List;

/** The outputs of an operation that only derivatives need, given its inputs. */
final class GradientRules implements GradientOp.Visitor<List<Tensor>> {
  private final List<Tensor> inputs;

  GradientRules(List<Tensor> inputs) {
    this.inputs = inputs;
  }

  private Tensor in(int i) {
    return inputs.get(i);
  }

  @Override
  public List<Tensor> conv2DInputGradient(GradientOp.Conv2DInputGradient gradient) {
    return List.of(
        new Convolution(
                in(2).shape(),
                in(0).shape(),
                gradient.stride(),
                gradient.rate(),
                gradient.padding())
            .mapGradient(in(0), in(1)));
  }

  @Override
  public List<Tensor> conv2DFilterGradient(GradientOp.Conv2DFilterGradient gradient) {
    return List.of(
        new Convolution(
                in(0).shape(),
                in(2).shape(),
                gradient.stride(),
                gradient.rate(),
                gradient.padding())
            .weightsGradient(in(0), in(1)));
  }

  @Override
  public List<Tensor> conv2DFilterGradientByTaps(GradientOp.Conv2DFilterGradientByTaps gradient) {
    return conv2DFilterGradient(new GradientOp.Conv2DFilterGradient(1, gradient.rate()));
  }

  @Override
  public List<Tensor> batchNormGradient(GradientOp.BatchNormGradient gradient) {
    return trainedNorm(gradient.epsilon());
  }

  @Override
  public List<Tensor> synchronizedBatchNormGradient(
      GradientOp.SynchronizedBatchNormGradient gradient) {
    return trainedNorm(gradient.epsilon());
  }

  private List<Tensor> trainedNorm(double epsilon) {
    int channels = in(2).length();
    Tensor mean = Tensor.of(List.of(channels), new Range(0, 0, 1).cut(in(3)).values());
    Tensor variance = Tensor.of(List.of(channels), new Range(0, 1, 2).cut(in(3)).values());
    return new Normalization(in(1), epsilon).gradient(in(0), in(2), mean, variance);
  }

  @Override
  public List<Tensor> frozenBatchNormGradient(GradientOp.FrozenBatchNormGradient gradient) {
    return new Normalization(in(1), gradient.epsilon()).frozenGradient(in(0), in(2), in(3), in(4));
  }

  @Override
  public List<Tensor> narrow(GradientOp.Narrow narrow) {
    return List.of(in(0));
  }

  @Override
  public List<Tensor> reluGradient(GradientOp.ReluGradient gradient) {
    return List.of(in(0).zip(in(1), (dy, y) -> y > 0 ? dy : 0));
  }

  @Override
  public List<Tensor> maxPoolGradient(GradientOp.MaxPoolGradient gradient) {
    return List.of(
        new Pooling(in(0), gradient.kernel(), gradient.stride(), gradient.padding())
            .gradient(in(2)));
  }

  @Override
  public List<Tensor> subsampleGradient(GradientOp.SubsampleGradient gradient) {
    return List.of(new Sampling(in(1).shape(), gradient.stride()).transpose(in(0)));
  }

  @Override
  public List<Tensor> globalAveragePoolGradient(GradientOp.GlobalAveragePoolGradient gradient) {
    List<Integer> like = in(1).shape();
    double pixels = like.get(1) * like.get(2);
    return List.of(
        Channels.zipPerImage(Tensor.zeros(like), in(0), (zero, dy) -> zero + dy / pixels));
  }

  @Override
  public List<Tensor> sumPerImage(GradientOp.SumPerImage sum) {
    return List.of(Channels.sumPerImage(in(0)));
  }

  @Override
  public List<Tensor> biasGradient(GradientOp.BiasGradient gradient) {
    return List.of(Channels.sum(in(0)));
  }

  @Override
  public List<Tensor> sliceGradient(GradientOp.SliceGradient gradient) {
    Tensor dx = Tensor.zeros(in(1).shape());
    new Range(gradient.axis(), gradient.begin(), gradient.end()).paste(in(0), dx);
    return List.of(dx);
  }

  @Override
  public List<Tensor> interpolateGradient(GradientOp.InterpolateGradient gradient) {
    int rows = in(0).size(1);
    int columns = in(0).size(2);
    return List.of(
        new Interpolation(in(1).shape(), rows, columns, gradient.alignCorners()).transpose(in(0)));
  }

  @Override
  public List<Tensor> clipFactor(GradientOp.ClipFactor clip) {
    double squares = 0;
    for (Tensor gradient : inputs) {
      squares += gradient.dot(gradient);
    }
    return List.of(Tensor.scalar(Math.min(1, clip.norm() / (Math.sqrt(squares) + 1e-6))));
  }

  @Override
  public List<Tensor> multiply(GradientOp.Multiply multiply) {
    if (in(1).shape().isEmpty()) {
      double factor = in(1).at(0);
      return List.of(in(0).map(x -> x * factor));
    }
    return List.of(in(0).zip(in(1), (x, y) -> x * y));
  }
}
