package dev.atrous.runtime.bench;

import dev.atrous.runtime.train.GradientExchange;

/** The sum of gradients over the workers, by itself. */
public final class ExchangeWork implements Workload {
  private final GradientExchange gradients;

  /**
   * @param gradients closed with this
   */
  public ExchangeWork(GradientExchange gradients) {
    this.gradients = gradients;
  }

  @Override
  public void run() {
    gradients.run();
  }

  @Override
  public int images() {
    return 0;
  }

  @Override
  public void close() {
    gradients.close();
  }
}
