package dev.atrous.runtime.describe;

import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.TrainingRecipe;
import java.util.Locale;

/** A phase of a training in a line. */
public final class PhaseFact {
  private PhaseFact() {}

  /**
   * {@code output stride 8, batch norm frozen, split trainval, 30000 steps of 16 crops of 513 x 513
   * pixels, learning rate 0.001, 41 GB}. The memory is what a step keeps, with maps in float32.
   */
  public static String of(ModelDescription phase) {
    TrainingRecipe recipe = phase.training();
    return "output stride %d, batch norm %s, split %s, %d steps of %d crops of %d x %d pixels, learning rate %s, %s"
        .formatted(
            phase.outputStride(),
            recipe.batchNorm().name().toLowerCase(Locale.ROOT),
            phase.phase().split(),
            recipe.steps(),
            recipe.batchSize(),
            phase.crop(),
            phase.crop(),
            Quantities.plain(recipe.learningRate()),
            Quantities.memory(phase.trainingBytes()));
  }
}
