package dev.atrous.runtime.train;

import dev.atrous.runtime.data.Augmentation;
import dev.atrous.runtime.data.ColorJitter;
import dev.atrous.runtime.data.CropLoader;
import dev.atrous.runtime.model.AugmentationRecipe;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.predict.ImageInput;

/** The crops that a model trains on. */
public final class CropSettings {
  private CropSettings() {}

  /**
   * The settings of a loader.
   *
   * @param batchSize crops per batch
   * @param crop side of the crops in pixels
   * @param seed where all randomness comes from
   */
  public static CropLoader.Settings of(ModelDescription model, int batchSize, int crop, long seed) {
    AugmentationRecipe recipe = model.training().augmentation();
    ColorJitter colors =
        new ColorJitter(recipe.brightness(), recipe.contrast(), recipe.saturation(), recipe.hue());
    Augmentation augmentation =
        new Augmentation(
            recipe.minScale(),
            recipe.maxScale(),
            true,
            recipe.verticalFlip(),
            recipe.rotation(),
            colors);
    return new CropLoader.Settings(
        batchSize, crop, augmentation, seed, ImageInput.of(model).padding());
  }
}
