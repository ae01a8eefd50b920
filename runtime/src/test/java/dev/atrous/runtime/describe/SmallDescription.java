package dev.atrous.runtime.describe;

import dev.atrous.annotation.Training;
import dev.atrous.runtime.model.AugmentationRecipe;
import dev.atrous.runtime.model.InheritedValue;
import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.model.LossRecipe;
import dev.atrous.runtime.model.ModelConventions;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.Optimization;
import dev.atrous.runtime.model.PixelScale;
import dev.atrous.runtime.model.TrainingRecipe;
import dev.atrous.runtime.model.ValidWeights;
import java.util.List;

/** The description of a network that has one of everything, on maps of 33, 17, 9 and 5 pixels. */
final class SmallDescription {
  static final ModelDescription MODEL = named("Small");

  private SmallDescription() {}

  static ModelDescription named(String name) {
    return of(
        name,
        List.of(
            layer("stem/conv", 7, 2, 1, 1, 33, 17, 8),
            layer("block1/unit1/conv1", 3, 1, 1, 1, 9, 9, 8),
            layer("block1/unit2/conv1", 3, 2, 1, 1, 9, 5, 8),
            layer("block1/unit2/shortcutConv", 1, 2, 1, 1, 9, 5, 8),
            layer("block3/unit1/conv1", 3, 1, 1, 1, 5, 5, 16),
            layer("block3/unit2/conv1", 3, 1, 2, 2, 5, 5, 16),
            layer("block3/unit3/conv1", 3, 1, 2, 2, 5, 5, 16),
            layer("block4/unit1/conv1", 3, 1, 2, 2, 5, 5, 32),
            layer("block4/unit2/conv1", 3, 1, 2, 4, 5, 5, 32),
            layer("aspp/branch0/conv", 1, 1, 1, 1, 5, 5, 4),
            layer("aspp/branch1/conv", 3, 1, 6, 6, 5, 5, 4),
            layer("aspp/imagePooling/conv", 1, 1, 1, 1, 1, 1, 4),
            layer("aspp/projection/conv", 1, 1, 1, 1, 5, 5, 4),
            layer("head/scores", 1, 1, 1, 1, 5, 5, 3),
            layer("auxiliary/conv", 3, 1, 1, 1, 5, 5, 4),
            layer("auxiliary/scores", 1, 1, 1, 1, 5, 5, 3)));
  }

  static ModelDescription of(String name, List<LayerDescription> layers) {
    return new ModelDescription(
        name,
        "ResNet-18",
        3,
        33,
        8,
        List.of(8, 16),
        new TrainingRecipe(
            4,
            20,
            0.05,
            0.9,
            0.9,
            1e-4,
            AugmentationRecipe.scales(0.5, 2),
            Training.BatchNorm.TRAINED,
            0.9,
            Optimization.PAPER),
        LossRecipe.CROSS_ENTROPY,
        layers,
        7_000,
        6_000,
        ModelConventions.TORCHVISION,
        PixelScale.TORCHVISION,
        List.of(),
        List.of(
            new InheritedValue("SegmentationModel", "classes", "3", "Base"),
            new InheritedValue("Training", "batchSize", "4", "Base"),
            new InheritedValue("Training", "steps", "20", "Base"),
            new InheritedValue("Training", "power", "0.9", null),
            new InheritedValue("ASPP", "rates", "{6, 12}", "Other.Pyramid")));
  }

  /**
   * A layer whose parameters, multiply-adds and memory are made up, and different for each layer.
   */
  static LayerDescription layer(
      String name,
      int kernel,
      int stride,
      int base,
      int rate,
      int input,
      int output,
      int channels) {
    double share = kernel == 3 && stride == 1 ? new ValidWeights(input, input, rate).share() : 1;
    long made = 1000L + name.length() * 37L + channels;
    return new LayerDescription(
        name,
        kernel,
        stride,
        base,
        rate,
        input,
        input,
        output,
        output,
        channels,
        made,
        made * 1_000_003,
        share,
        made * 1_003,
        made * 502);
  }
}
