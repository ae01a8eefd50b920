package dev.atrous.processor.network;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.GraphBuilder;
import dev.atrous.processor.ir.Scope;
import dev.atrous.processor.ir.Value;
import dev.atrous.processor.spec.ModelSpec;
import java.util.ArrayList;
import java.util.List;

/** What training minimises: the losses of a spec for each head, times their factors. */
final class Losses {
  private static final Scope LOSS = Scope.of("loss");

  private final GraphBuilder graph;
  private final ModelSpec.Loss loss;
  private final List<Value> terms = new ArrayList<>();
  private final List<Double> weights = new ArrayList<>();

  Losses(GraphBuilder graph, ModelSpec.Loss loss) {
    this.graph = graph;
    this.loss = loss;
  }

  /**
   * Adds the losses of a head.
   *
   * @param prefix of their names; may be empty
   * @param weight of the head
   */
  Losses add(String prefix, double weight, Value logits, Value labels) {
    ForwardOp entropy = new ForwardOp.SoftmaxCrossEntropy(loss.classWeights());
    ForwardOp focal = new ForwardOp.FocalLoss(loss.focalGamma(), loss.classWeights());
    add(name(prefix, "entropy"), entropy, weight * loss.crossEntropy(), logits, labels);
    add(name(prefix, "focal"), focal, weight * loss.focal(), logits, labels);
    add(name(prefix, "dice"), new ForwardOp.DiceLoss(), weight * loss.dice(), logits, labels);
    return this;
  }

  private void add(String name, ForwardOp op, double weight, Value logits, Value labels) {
    if (weight > 0) {
      terms.add(graph.add(LOSS, name, op, logits, labels).output());
      weights.add(weight);
    }
  }

  private static String name(String prefix, String loss) {
    return prefix.isEmpty()
        ? loss
        : prefix + Character.toUpperCase(loss.charAt(0)) + loss.substring(1);
  }

  /** All of them. */
  Value sum() {
    return weights.equals(List.of(1.0))
        ? terms.get(0)
        : graph
            .add(LOSS, "total", new ForwardOp.WeightedSum(weights), terms.toArray(Value[]::new))
            .output();
  }
}
