package dev.atrous.samples.describe;

import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.samples.DeepLabV3Model;
import dev.atrous.samples.ShapesDeepLabModel;
import dev.atrous.samples.TorchvisionResNet101Model;
import dev.atrous.samples.paper.DeepLabV2Model;
import dev.atrous.samples.paper.Table3_ResNet101Block7Grid121Model;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** Descriptions of networks of every structure. */
final class Descriptions {
  private Descriptions() {}

  static Stream<ModelDescription> all() {
    return Stream.of(
        new DeepLabV3Model().description(),
        new TorchvisionResNet101Model().description(),
        new ShapesDeepLabModel().description(),
        new Table3_ResNet101Block7Grid121Model().description(),
        new DeepLabV2Model().description(),
        new SmallMapsModel().description());
  }

  /** As an argument of a test: called by its name, not by all that it says. */
  static Named<ModelDescription> named(ModelDescription model) {
    return Named.of(model.name(), model);
  }
}
