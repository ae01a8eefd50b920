package dev.atrous.samples.describe;

import dev.atrous.runtime.LayerDescription;
import dev.atrous.runtime.ModelDescription;
import dev.atrous.runtime.describe.ValidWeights;
import dev.atrous.samples.DeepLabV3Model;
import dev.atrous.samples.DeepLabV3ResNet50Model;
import dev.atrous.samples.ShapesDeepLabModel;
import dev.atrous.samples.TorchvisionResNet101Model;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** Descriptions of networks of every structure. */
final class Descriptions {
  private static final int MAP = 33;

  private Descriptions() {}

  /** Those that the compiler wrote. */
  static Stream<ModelDescription> compiled() {
    return Stream.of(
        new DeepLabV3Model().description(),
        new TorchvisionResNet101Model().description(),
        new ShapesDeepLabModel().description(),
        new DeepCascadeModel().description(),
        new SmallMapsModel().description());
  }

  /** As an argument of a test: called by its name, not by all that it says. */
  static Named<ModelDescription> named(ModelDescription model) {
    return Named.of(model.name(), model);
  }

  /** With one whose pyramid has branches of three layers that are summed, as in DeepLabv2. */
  static Stream<ModelDescription> all() {
    return Stream.concat(compiled(), Stream.of(summed()));
  }

  private static ModelDescription summed() {
    ModelDescription model = new DeepLabV3ResNet50Model().description();
    List<LayerDescription> layers =
        new ArrayList<>(
            model.layers().stream()
                .filter(layer -> layer.name().matches("(stem|block).*"))
                .toList());
    for (int branch = 1; branch <= 4; branch++) {
      String path = "aspp/branch" + branch + "/";
      layers.add(layer(path + "conv1", 3, 6 * branch, 1024));
      layers.add(layer(path + "conv2", 1, 1, 1024));
      layers.add(layer(path + "scores", 1, 1, model.classes()));
    }
    return new ModelDescription(
        "Summed",
        model.backbone(),
        model.classes(),
        model.crop(),
        model.outputStride(),
        model.outputStrides(),
        model.training(),
        layers,
        model.parameterBytes(),
        model.momentumBytes());
  }

  private static LayerDescription layer(String name, int kernel, int rate, int channels) {
    double share = kernel == 1 ? 1 : new ValidWeights(MAP, MAP, rate).share();
    return new LayerDescription(
        name, kernel, 1, rate, rate, MAP, MAP, MAP, MAP, channels, 1, 1, share, 1);
  }
}
