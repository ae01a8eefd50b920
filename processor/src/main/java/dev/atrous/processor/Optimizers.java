package dev.atrous.processor;

import dev.atrous.processor.autodiff.Optimizer;
import dev.atrous.processor.spec.Conventions;
import dev.atrous.processor.spec.ModelSpec;

/** What training makes of gradients: the values of a spec that autodiff needs. */
public final class Optimizers {
  private Optimizers() {}

  /** What the recipe of a spec makes of gradients. */
  public static Optimizer of(ModelSpec spec) {
    ModelSpec.Training recipe = spec.training();
    ModelSpec.Optimization optimization = recipe.optimization();
    Optimizer.Rule rule =
        switch (optimization.optimizer()) {
          case SGD -> Optimizer.Rule.momentum(recipe.momentum());
          case ADAMW -> Optimizer.Rule.adamW(recipe.momentum(), optimization.beta2());
        };
    return new Optimizer(
        rule,
        recipe.weightDecay(),
        spec.conventions().weightDecay() == Conventions.WeightDecay.EVERYTHING,
        optimization.clipNorm(),
        recipe::rate);
  }
}
