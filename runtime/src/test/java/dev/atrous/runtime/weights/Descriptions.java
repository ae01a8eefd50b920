package dev.atrous.runtime.weights;

import dev.atrous.annotation.Conventions;
import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.model.LossRecipe;
import dev.atrous.runtime.model.ModelConventions;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.PixelScale;
import java.util.ArrayList;
import java.util.List;

/** Descriptions of models to import weights into. */
final class Descriptions {
  /** As torchvision's networks do it, without layers. */
  static final ModelDescription TORCHVISION = of(ModelConventions.TORCHVISION, 8, List.of());

  private Descriptions() {}

  static ModelDescription of(
      ModelConventions conventions, int outputStride, List<LayerDescription> layers) {
    return new ModelDescription(
        "Spec",
        "ResNet-50",
        21,
        513,
        outputStride,
        List.of(8, 16),
        new TinyModel().description().training(),
        LossRecipe.CROSS_ENTROPY,
        layers,
        0,
        0,
        conventions,
        PixelScale.of(conventions.preprocessing()),
        List.of(),
        List.of());
  }

  static ModelDescription with(Conventions.Preprocessing preprocessing) {
    return with(ModelConventions.TORCHVISION.stem(), preprocessing);
  }

  static ModelDescription with(Conventions.Stem stem) {
    return with(stem, ModelConventions.TORCHVISION.preprocessing());
  }

  private static ModelDescription with(
      Conventions.Stem stem, Conventions.Preprocessing preprocessing) {
    ModelConventions all = ModelConventions.TORCHVISION;
    return of(
        new ModelConventions(
            all.stride(),
            stem,
            all.padding(),
            all.firstUnitRate(),
            all.imageFeatures(),
            all.head(),
            all.interpolation(),
            all.weightDecay(),
            preprocessing,
            all.initialValues()),
        8,
        List.of());
  }

  /** torchvision's conventions, and rates of block4's units and of the pyramid's branches. */
  static ModelDescription withRates(int outputStride, List<Integer> units, List<Integer> branches) {
    return withRates(ModelConventions.TORCHVISION, outputStride, units, branches);
  }

  /** Conventions, and rates of block4's units and of the pyramid's branches. */
  static ModelDescription withRates(
      ModelConventions conventions, int outputStride, List<Integer> units, List<Integer> branches) {
    List<LayerDescription> layers = new ArrayList<>();
    layers.add(layer("block3/unit2/conv2", 7));
    for (int i = 0; i < units.size(); i++) {
      layers.add(layer("block4/unit" + (i + 1) + "/conv1", 1));
      layers.add(layer("block4/unit" + (i + 1) + "/conv2", units.get(i)));
    }
    layers.add(layer("aspp/branch0/conv", 1));
    for (int i = 0; i < branches.size(); i++) {
      layers.add(layer("aspp/branch" + (i + 1) + "/conv", branches.get(i)));
    }
    return of(conventions, outputStride, layers);
  }

  private static LayerDescription layer(String name, int rate) {
    return new LayerDescription(name, 3, 1, rate, rate, 65, 65, 65, 65, 256, 1, 1, 1, 0, 0);
  }
}
