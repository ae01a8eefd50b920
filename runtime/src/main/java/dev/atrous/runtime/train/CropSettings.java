package dev.atrous.runtime.train;

import dev.atrous.runtime.data.Augmentation;
import dev.atrous.runtime.data.ColorJitter;
import dev.atrous.runtime.data.CropLoader;
import dev.atrous.runtime.model.AugmentationRecipe;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.PixelScale;
import dev.atrous.runtime.predict.ImageInput;

/** The crops that a model trains on. */
public final class CropSettings {
  private CropSettings() {}

  /**
   * The settings of a loader for a model whose bands are those of its spec.
   *
   * @param batchSize crops per batch
   * @param crop side of the crops in pixels
   * @param seed where all randomness comes from
   * @throws IllegalStateException if the model measures its bands
   */
  public static CropLoader.Settings of(ModelDescription model, int batchSize, int crop, long seed) {
    return of(model, model.pixels(), batchSize, crop, seed);
  }

  /**
   * The settings of a loader.
   *
   * @param scale of the bands, as the spec has it or a {@link Trainer} has measured it
   */
  public static CropLoader.Settings of(
      ModelDescription model, PixelScale scale, int batchSize, int crop, long seed) {
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
        batchSize, crop, augmentation, seed, ImageInput.of(model, scale).padding());
  }
}
