package dev.atrous.runtime.bench;

import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.train.Trainer;
import dev.atrous.runtime.train.TrainingOptions;

/**
 * What comes before the first step: the training graph, its session, the initial values, and with
 * XLA the compilation.
 */
public final class BuildWork implements Workload {
  private final CompiledModel model;
  private final TrainingOptions options;

  public BuildWork(CompiledModel model, TrainingOptions options) {
    this.model = model;
    this.options = options;
  }

  @Override
  public void run() {
    new Trainer(model, options).close();
  }

  @Override
  public int images() {
    return 0;
  }
}
