package dev.atrous.samples.benchmarks;

import dev.atrous.runtime.cli.AtrousCli;
import dev.atrous.samples.ShapesDeepLabModel;
import dev.atrous.samples.TorchvisionResNet101Model;
import dev.atrous.samples.TorchvisionResNet50Model;

/** The command line for the models that are compared with peers, or with each other. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    AtrousCli.run(
        args,
        new TorchvisionResNet50Model(),
        new TorchvisionResNet50At257Model(),
        new TorchvisionResNet50AugmentedModel(),
        new TorchvisionResNet50SynchronizedModel(),
        new TorchvisionResNet101Model(),
        new ShapesDeepLabModel(),
        new ShapesFromHeFanOutModel(),
        new ShapesFromTorchvisionModel());
  }
}
