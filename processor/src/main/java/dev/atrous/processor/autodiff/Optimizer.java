package dev.atrous.processor.autodiff;

import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.ParameterSpec;
import dev.atrous.processor.ir.UpdateOp;
import java.util.function.ToDoubleFunction;

/**
 * What becomes of gradients.
 *
 * @param rule makes an update of one
 * @param weightDecay of the weights of convolutions
 * @param decaysVectors whether it applies to biases and batch normalisation too, not to weights
 *     alone
 * @param clipNorm largest norm of all gradients together; 0 for no limit
 * @param rates the factor of the learning rate of each block of the network
 */
public record Optimizer(
    Rule rule,
    double weightDecay,
    boolean decaysVectors,
    double clipNorm,
    ToDoubleFunction<String> rates) {

  /** The update of a parameter, given its weight decay and the factor of its learning rate. */
  public interface Rule {
    UpdateOp update(double weightDecay, double rate);

    /** Gradient descent with momentum. */
    static Rule momentum(double momentum) {
      return (weightDecay, rate) -> new UpdateOp.Momentum(momentum, weightDecay, rate);
    }

    /** Adam with decoupled weight decay. */
    static Rule adamW(double beta1, double beta2) {
      return (weightDecay, rate) -> new UpdateOp.AdamW(beta1, beta2, 1e-8, weightDecay, rate);
    }
  }

  /** Gradient descent with one learning rate for all, without a limit of the gradient. */
  public Optimizer(double momentum, double weightDecay, boolean decaysVectors) {
    this(Rule.momentum(momentum), weightDecay, decaysVectors, 0, block -> 1);
  }

  /** What becomes of a parameter. */
  UpdateOp update(Node node, ParameterSpec parameter) {
    double decay = parameter.role().isWeights() || decaysVectors ? weightDecay : 0;
    return rule.update(decay, rates.applyAsDouble(node.scope().block()));
  }
}
