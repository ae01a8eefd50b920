package dev.atrous.processor.plan;

import java.util.List;

/**
 * What the compiler knows about the costs of a model.
 *
 * @param layers every convolution in the order of the network, an auxiliary head included
 * @param parameterBytes of all parameters and moving averages
 * @param momentumBytes of the optimizer's state
 */
public record ModelPlan(List<LayerPlan> layers, long parameterBytes, long momentumBytes) {
  public ModelPlan {
    layers = List.copyOf(layers);
  }

  /** What a training step keeps of the forward pass for the backward pass, for a batch. */
  public long activationBytes() {
    return layers.stream().mapToLong(LayerPlan::activationBytes).sum();
  }

  /** Likewise where maps are in bfloat16. */
  private long bfloat16ActivationBytes() {
    return layers.stream().mapToLong(LayerPlan::bfloat16ActivationBytes).sum();
  }

  /** What a training step keeps in all where maps are in bfloat16, for a batch. */
  public long bfloat16TrainingBytes() {
    return parameterBytes + momentumBytes + bfloat16ActivationBytes();
  }

  /** What a training step keeps in all, for a batch. */
  public long trainingBytes() {
    return parameterBytes + momentumBytes + activationBytes();
  }
}
