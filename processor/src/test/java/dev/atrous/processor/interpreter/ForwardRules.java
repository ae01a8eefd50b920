package dev.atrous.processor.interpreter;

import dev.atrous.processor.ir.ForwardOp;
import java.util.List;

/** The outputs of a forward operation, given its inputs. */
final class ForwardRules implements ForwardOp.Visitor<List<Tensor>> {
  private final List<Tensor> inputs;

  ForwardRules(List<Tensor> inputs) {
    this.inputs = inputs;
  }

  private Tensor in(int i) {
    return inputs.get(i);
  }

  @Override
  public List<Tensor> normalize(ForwardOp.Normalize normalize) {
    Tensor images = in(0);
    double[] y = images.values();
    int channels = images.size(3);
    for (int i = 0; i < y.length; i++) {
      y[i] = (y[i] - normalize.mean().get(i % channels)) / normalize.deviation().get(i % channels);
    }
    return List.of(Tensor.wrap(images.shape(), y));
  }

  @Override
  public List<Tensor> normalizeBands(ForwardOp.NormalizeBands normalize) {
    Tensor images = in(0);
    double[] y = images.values();
    int channels = images.size(3);
    for (int i = 0; i < y.length; i++) {
      y[i] = (y[i] - in(1).values()[i % channels]) / in(2).values()[i % channels];
    }
    return List.of(Tensor.wrap(images.shape(), y));
  }

  @Override
  public List<Tensor> conv2D(ForwardOp.Conv2D conv) {
    return List.of(
        new Convolution(in(0).shape(), in(1).shape(), conv.stride(), conv.rate(), conv.padding())
            .apply(in(0), in(1)));
  }

  @Override
  public List<Tensor> batchNorm(ForwardOp.BatchNorm norm) {
    return List.of(new Normalization(in(0), norm.epsilon()).apply(in(1), in(2), in(3), in(4)));
  }

  @Override
  public List<Tensor> batchNormTraining(ForwardOp.BatchNormTraining norm) {
    return trainedNorm(norm.epsilon());
  }

  /** There is one worker here: the batch is all there is. */
  @Override
  public List<Tensor> synchronizedBatchNorm(ForwardOp.SynchronizedBatchNorm norm) {
    return trainedNorm(norm.epsilon());
  }

  private List<Tensor> trainedNorm(double epsilon) {
    Normalization normalization = new Normalization(in(0), epsilon);
    Tensor mean = normalization.mean();
    Tensor biased = normalization.biasedVariance(mean);
    Tensor unbiased = biased.map(variance -> variance * normalization.correction());
    Tensor saved = Tensor.zeros(List.of(2, mean.length()));
    new Range(0, 0, 1).paste(mean, saved);
    new Range(0, 1, 2).paste(biased, saved);
    return List.of(normalization.apply(in(1), in(2), mean, biased), mean, unbiased, saved);
  }

  @Override
  public List<Tensor> widen(ForwardOp.Widen widen) {
    return List.of(in(0));
  }

  @Override
  public List<Tensor> relu(ForwardOp.Relu relu) {
    return List.of(in(0).map(x -> Math.max(x, 0)));
  }

  @Override
  public List<Tensor> add(ForwardOp.Add add) {
    return List.of(in(0).zip(in(1), Double::sum));
  }

  @Override
  public List<Tensor> maxPool(ForwardOp.MaxPool pool) {
    return List.of(new Pooling(in(0), pool.kernel(), pool.stride(), pool.padding()).apply());
  }

  @Override
  public List<Tensor> subsample(ForwardOp.Subsample subsample) {
    return List.of(new Sampling(in(0).shape(), subsample.stride()).apply(in(0)));
  }

  @Override
  public List<Tensor> globalAveragePool(ForwardOp.GlobalAveragePool pool) {
    double pixels = in(0).size(1) * in(0).size(2);
    return List.of(Channels.sumPerImage(in(0)).map(sum -> sum / pixels));
  }

  @Override
  public List<Tensor> broadcast(ForwardOp.Broadcast broadcast) {
    List<Integer> like = in(1).shape();
    Tensor target = Tensor.zeros(List.of(in(0).size(0), like.get(1), like.get(2), in(0).size(3)));
    return List.of(Channels.zipPerImage(target, in(0), Double::sum));
  }

  @Override
  public List<Tensor> concat(ForwardOp.Concat concat) {
    int channels = inputs.stream().mapToInt(map -> map.size(3)).sum();
    Tensor y = Tensor.zeros(List.of(in(0).size(0), in(0).size(1), in(0).size(2), channels));
    int begin = 0;
    for (Tensor map : inputs) {
      new Range(3, begin, begin + map.size(3)).paste(map, y);
      begin += map.size(3);
    }
    return List.of(y);
  }

  @Override
  public List<Tensor> addBias(ForwardOp.AddBias add) {
    return List.of(Channels.zip(in(0), in(1), Double::sum));
  }

  @Override
  public List<Tensor> addPerImage(ForwardOp.AddPerImage add) {
    return List.of(Channels.zipPerImage(in(0), in(1), Double::sum));
  }

  @Override
  public List<Tensor> slice(ForwardOp.Slice slice) {
    return List.of(new Range(slice.axis(), slice.begin(), slice.end()).cut(in(0)));
  }

  @Override
  public List<Tensor> interpolate(ForwardOp.Interpolate interpolate) {
    int rows = in(1).size(1);
    int columns = in(1).size(2);
    return List.of(
        new Interpolation(in(0).shape(), rows, columns, interpolate.alignCorners()).apply(in(0)));
  }

  @Override
  public List<Tensor> softmaxCrossEntropy(ForwardOp.SoftmaxCrossEntropy entropy) {
    return crossEntropy(0, entropy.classWeights());
  }

  private List<Tensor> crossEntropy(double gamma, List<Double> classWeights) {
    CrossEntropy result = new CrossEntropy(in(0), in(1), gamma, classWeights);
    return List.of(result.loss(), result.gradient());
  }

  @Override
  public List<Tensor> focalLoss(ForwardOp.FocalLoss focal) {
    return crossEntropy(focal.gamma(), focal.classWeights());
  }

  @Override
  public List<Tensor> diceLoss(ForwardOp.DiceLoss dice) {
    Dice result = new Dice(in(0), in(1));
    return List.of(result.loss(), result.gradient());
  }

  /** Which values are dropped is drawn at random elsewhere; here it follows from their place. */
  @Override
  public List<Tensor> dropout(ForwardOp.Dropout dropout) {
    double[] factors = new double[in(0).length()];
    for (int i = 0; i < factors.length; i++) {
      double draw = (i * 0.6180339887498949) % 1;
      factors[i] = draw < dropout.share() ? 0 : 1 / (1 - dropout.share());
    }
    Tensor drawn = Tensor.wrap(in(0).shape(), factors);
    return List.of(in(0).zip(drawn, (x, factor) -> x * factor), drawn);
  }

  @Override
  public List<Tensor> weightedSum(ForwardOp.WeightedSum sum) {
    double total = 0;
    for (int i = 0; i < inputs.size(); i++) {
      total += sum.weights().get(i) * in(i).at(0);
    }
    return List.of(Tensor.scalar(total));
  }
}
