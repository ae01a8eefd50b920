package dev.atrous.processor.autodiff;

import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.ParameterSpec;
import dev.atrous.processor.ir.UpdateOp;
import java.util.function.ToDoubleFunction;

/**
 * Gradient descent with momentum and L2 regularisation.
 *
 * @param momentum 0 to less than 1
 * @param weightDecay factor of the regularisation
 * @param decaysVectors whether it applies to biases and batch normalisation too, not to weights
 *     alone
 * @param rates the factor of the learning rate of each block of the network
 */
public record Optimizer(
    double momentum, double weightDecay, boolean decaysVectors, ToDoubleFunction<String> rates) {

  /** With one learning rate for all. */
  public Optimizer(double momentum, double weightDecay, boolean decaysVectors) {
    this(momentum, weightDecay, decaysVectors, block -> 1);
  }

  /** What becomes of a parameter. */
  UpdateOp update(Node node, ParameterSpec parameter) {
    double decay = parameter.role().isWeights() || decaysVectors ? weightDecay : 0;
    return new UpdateOp.Momentum(momentum, decay, rates.applyAsDouble(node.scope().block()));
  }
}
