package dev.atrous.samples.generated;

import dev.atrous.runtime.cli.AtrousCli;

/** The command line of the models that workers are tested with. */
public final class WorkersMain {
  private WorkersMain() {}

  public static void main(String[] args) {
    AtrousCli.run(args, new SynchronizedStepsModel(), new SummedGradientsModel());
  }
}
