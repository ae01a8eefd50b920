package dev.atrous.processor.autodiff;

import dev.atrous.processor.ir.ParameterSpec;

/**
 * Gradient descent with momentum and L2 regularisation.
 *
 * @param momentum 0 to less than 1
 * @param weightDecay factor of the regularisation
 * @param decaysVectors whether it applies to biases and batch normalisation too, not to weights
 *     alone
 */
public record Optimizer(double momentum, double weightDecay, boolean decaysVectors) {

  double decay(ParameterSpec.Role role) {
    return role.isWeights() || decaysVectors ? weightDecay : 0;
  }
}
