package dev.atrous.runtime.train;

import dev.atrous.runtime.data.Batch;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.op.NetworkOps;
import java.util.List;

/**
 * What the loss of a step is divided by, which follows from its labels alone: how many pixels are
 * labelled, or the sum of their class weights.
 */
final class PixelTotal {
  private final float[] weights = new float[256];

  /**
   * @param ofRun class weights that the run has instead of the spec's; empty for those
   */
  PixelTotal(ModelDescription model, List<Double> ofRun) {
    List<Double> classes = ofRun.isEmpty() ? model.loss().classWeights() : ofRun;
    for (int label = 0; label < weights.length; label++) {
      boolean counts = label != NetworkOps.IGNORED_LABEL;
      float weight = label < classes.size() ? classes.get(label).floatValue() : 1;
      weights[label] = counts ? weight : 0;
    }
  }

  /** Of a batch; 0 if none of its pixels counts. */
  double of(Batch batch) {
    long[] counts = new long[weights.length];
    for (byte label : batch.labels()) {
      counts[Byte.toUnsignedInt(label)]++;
    }
    double total = 0;
    for (int label = 0; label < counts.length; label++) {
      total += counts[label] * (double) weights[label];
    }
    return total;
  }

  /** What to divide by: that of a whole step, or 1 where there is nothing to add up. */
  static float divisor(double total) {
    return total > 0 ? (float) total : 1;
  }
}
