package dev.atrous.processor.autodiff;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.GradientOp;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.Op;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.ValidWeights;
import dev.atrous.processor.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The derivative rule of each forward operation: for each input, the derivative of the loss by it,
 * or nothing where none is wanted or the input is not differentiable.
 */
final class Derivatives implements ForwardOp.Visitor<List<Optional<Value>>> {
  /**
   * Of the products of a filter gradient, the share that meets the map and not padding. Where more
   * do, cutting the map for each tap costs what it saves.
   */
  private static final double LARGEST_SHARE_BY_TAPS = 2.0 / 3;

  private final Autodiff autodiff;
  private final Node node;
  private final Value dy;

  /**
   * @param node of the forward graph
   * @param dy derivative of the loss by its first output
   */
  Derivatives(Autodiff autodiff, Node node, Value dy) {
    this.autodiff = autodiff;
    this.node = node;
    this.dy = dy;
  }

  /** Input {@code i} in the training graph. */
  private Value in(int i) {
    return autodiff.copied(node.input(i));
  }

  private Value out(int i) {
    return autodiff.copied(node.output(i));
  }

  /** A node that computes the derivative by input {@code i}, if that is wanted. */
  private Optional<Value> by(int i, Op op, Value... inputs) {
    return autodiff.wants(node.input(i))
        ? Optional.of(autodiff.add(node.scope(), node.input(i), op, inputs).output())
        : Optional.empty();
  }

  private Optional<Value> dyIfWanted(int i) {
    return autodiff.wants(node.input(i)) ? Optional.of(dy) : Optional.empty();
  }

  @Override
  public List<Optional<Value>> normalize(ForwardOp.Normalize op) {
    return List.of(Optional.empty());
  }

  @Override
  public List<Optional<Value>> normalizeBands(ForwardOp.NormalizeBands op) {
    return List.of(Optional.empty(), Optional.empty(), Optional.empty());
  }

  @Override
  public List<Optional<Value>> conv2D(ForwardOp.Conv2D op) {
    GradientOp filter =
        meetsMuchPadding(op)
            ? new GradientOp.Conv2DFilterGradientByTaps(op.rate())
            : new GradientOp.Conv2DFilterGradient(op.stride(), op.rate(), op.padding());
    Optional<Value> weights = by(1, filter, in(0), dy, in(1));
    Optional<Value> x =
        by(
            0,
            new GradientOp.Conv2DInputGradient(op.stride(), op.rate(), op.padding()),
            in(1),
            dy,
            in(0));
    return List.of(x, weights);
  }

  /** Whether it pays to leave out the pixels at which a tap meets padding, on the declared map. */
  private boolean meetsMuchPadding(ForwardOp.Conv2D op) {
    return op.stride() == 1
        && op.rate() > 1
        && ValidWeights.of(node).share() < LARGEST_SHARE_BY_TAPS;
  }

  @Override
  public List<Optional<Value>> batchNorm(ForwardOp.BatchNorm op) {
    GradientOp gradient = new GradientOp.FrozenBatchNormGradient(op.epsilon());
    return normDerivatives(gradient, dy, in(0), in(1), in(3), in(4));
  }

  @Override
  public List<Optional<Value>> batchNormTraining(ForwardOp.BatchNormTraining op) {
    GradientOp gradient = new GradientOp.BatchNormGradient(op.epsilon());
    return normDerivatives(gradient, dy, in(0), in(1), out(3));
  }

  @Override
  public List<Optional<Value>> synchronizedBatchNorm(ForwardOp.SynchronizedBatchNorm op) {
    GradientOp gradient = new GradientOp.SynchronizedBatchNormGradient(op.epsilon());
    return normDerivatives(gradient, dy, in(0), in(1), out(3));
  }

  /** One node gives the derivatives by map, gamma and beta; nothing by further inputs. */
  private List<Optional<Value>> normDerivatives(GradientOp op, Value... inputs) {
    Node gradient = autodiff.addNamed(node.scope(), node.name() + "Gradient", op, inputs);
    List<Optional<Value>> derivatives = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      boolean wanted = i < 3 && autodiff.wants(node.input(i));
      derivatives.add(wanted ? Optional.of(gradient.output(i)) : Optional.empty());
    }
    return derivatives;
  }

  @Override
  public List<Optional<Value>> widen(ForwardOp.Widen op) {
    return List.of(by(0, new GradientOp.Narrow(), dy, in(0)));
  }

  @Override
  public List<Optional<Value>> relu(ForwardOp.Relu op) {
    return List.of(by(0, new GradientOp.ReluGradient(), dy, out(0)));
  }

  @Override
  public List<Optional<Value>> add(ForwardOp.Add op) {
    return List.of(dyIfWanted(0), dyIfWanted(1));
  }

  @Override
  public List<Optional<Value>> maxPool(ForwardOp.MaxPool op) {
    GradientOp gradient = new GradientOp.MaxPoolGradient(op.kernel(), op.stride(), op.padding());
    return List.of(by(0, gradient, in(0), out(0), dy));
  }

  @Override
  public List<Optional<Value>> subsample(ForwardOp.Subsample op) {
    return List.of(by(0, new GradientOp.SubsampleGradient(op.stride()), dy, in(0)));
  }

  @Override
  public List<Optional<Value>> globalAveragePool(ForwardOp.GlobalAveragePool op) {
    return List.of(by(0, new GradientOp.GlobalAveragePoolGradient(), dy, in(0)));
  }

  @Override
  public List<Optional<Value>> broadcast(ForwardOp.Broadcast op) {
    return List.of(by(0, new GradientOp.SumPerImage(), dy), Optional.empty());
  }

  @Override
  public List<Optional<Value>> concat(ForwardOp.Concat op) {
    List<Optional<Value>> derivatives = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i < node.inputs().size(); i++) {
      int end = begin + node.input(i).size(3);
      derivatives.add(by(i, new ForwardOp.Slice(3, begin, end), dy));
      begin = end;
    }
    return derivatives;
  }

  @Override
  public List<Optional<Value>> addBias(ForwardOp.AddBias op) {
    return List.of(dyIfWanted(0), by(1, new GradientOp.BiasGradient(), dy));
  }

  @Override
  public List<Optional<Value>> addPerImage(ForwardOp.AddPerImage op) {
    return List.of(dyIfWanted(0), by(1, new GradientOp.SumPerImage(), dy));
  }

  @Override
  public List<Optional<Value>> slice(ForwardOp.Slice op) {
    GradientOp gradient = new GradientOp.SliceGradient(op.axis(), op.begin(), op.end());
    return List.of(by(0, gradient, dy, in(0)));
  }

  @Override
  public List<Optional<Value>> interpolate(ForwardOp.Interpolate op) {
    GradientOp gradient = new GradientOp.InterpolateGradient(op.alignCorners());
    return List.of(by(0, gradient, dy, in(0)), Optional.empty());
  }

  @Override
  public List<Optional<Value>> softmaxCrossEntropy(ForwardOp.SoftmaxCrossEntropy op) {
    return loss();
  }

  @Override
  public List<Optional<Value>> focalLoss(ForwardOp.FocalLoss op) {
    return loss();
  }

  @Override
  public List<Optional<Value>> diceLoss(ForwardOp.DiceLoss op) {
    return loss();
  }

  /** Losses compute their derivative themselves. */
  private List<Optional<Value>> loss() {
    Optional<Value> logits =
        isOne(dy) ? Optional.of(out(1)) : by(0, new GradientOp.Multiply(), out(1), dy);
    return List.of(logits, Optional.empty());
  }

  @Override
  public List<Optional<Value>> dropout(ForwardOp.Dropout op) {
    return List.of(by(0, new GradientOp.Multiply(), dy, out(1)));
  }

  @Override
  public List<Optional<Value>> weightedSum(ForwardOp.WeightedSum op) {
    // The sum of losses is what is minimised: its own derivative is the constant 1.
    if (!isOne(dy)) {
      throw new IllegalStateException(node + " is not the loss itself");
    }
    List<Optional<Value>> derivatives = new ArrayList<>();
    for (int i = 0; i < op.weights().size(); i++) {
      double weight = op.weights().get(i);
      derivatives.add(weight == 1 ? dyIfWanted(i) : by(i, new SourceOp.Scalar(weight)));
    }
    return derivatives;
  }

  private static boolean isOne(Value value) {
    return value.node().op() instanceof SourceOp.Scalar scalar && scalar.value() == 1;
  }
}
