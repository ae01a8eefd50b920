package dev.atrous.runtime.train;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.model.ModelDescription;
import java.util.List;

/** Class weights that a run has instead of those of its model's spec. */
final class ClassWeights {
  private static final double LARGEST = 1e6;

  private ClassWeights() {}

  /**
   * Checks them.
   *
   * @param weights one for each class; or none, for those of the spec
   * @throws AtrousException if the model can't be trained with them
   */
  static void check(ModelDescription model, List<Double> weights) {
    if (weights.isEmpty()) {
      return;
    }
    if (!model.loss().isWeighted()) {
      throw new AtrousException(
          "Class weights have no effect on %s: its loss is the Dice loss alone, in which all classes count the same. Leave them out."
              .formatted(model.name()));
    }
    if (weights.size() != model.classes()) {
      throw new AtrousException(
          "%d class weights are given, but %s has %d classes and needs a weight for each, class 0 first."
              .formatted(weights.size(), model.name(), model.classes()));
    }
    for (double weight : weights) {
      if (!(weight >= 0 && weight <= LARGEST)) {
        throw new AtrousException(
            "A class weight of %s is not possible: it must be at least 0 and at most 1000000."
                .formatted(weight));
      }
    }
    if (weights.stream().allMatch(weight -> weight == 0)) {
      throw new AtrousException(
          "All class weights are 0, so nothing would be learnt. Give at least one class a weight.");
    }
  }

  /** As they are in a graph; empty for those of the spec. */
  static float[] floats(List<Double> weights) {
    float[] floats = new float[weights.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = weights.get(i).floatValue();
    }
    return floats;
  }
}
