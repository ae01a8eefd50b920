package dev.atrous.samples;

import dev.atrous.runtime.cli.AtrousCli;

/** The command line for the sample models. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    AtrousCli.run(
        args,
        new DeepLabV3Model(),
        new DeepLabV3ResNet50Model(),
        new TorchvisionResNet50Model(),
        new TorchvisionResNet101Model(),
        new ShapesDeepLabModel(),
        new RoundShapesModel());
  }
}
