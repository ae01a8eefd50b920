package dev.atrous.runtime.predict;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.model.PixelScale;
import dev.atrous.runtime.op.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Mean and deviation of the bands of a model that measures them on the images that it is trained
 * on. They are parameters: whoever has the weights has them, and no other ones.
 */
public final class MeasuredBands {
  private MeasuredBands() {}

  /**
   * How a model scales images with given weights.
   *
   * @param values of a parameter by its name; null where there are none
   * @return the spec's, or what was measured; empty if nothing was
   */
  public static Optional<PixelScale> of(
      CompiledModel model, Function<String, float @Nullable []> values) {
    PixelScale pixels = model.description().pixels();
    if (!pixels.isMeasured()) {
      return Optional.of(pixels);
    }
    List<Float> mean = List.of();
    List<Float> deviation = List.of();
    for (Parameter parameter : model.parameters()) {
      if (Parameter.isOfBands(parameter.name())) {
        List<Float> floats = floats(values.apply(parameter.name()));
        if (Parameter.isBandMean(parameter.name())) {
          mean = floats;
        } else {
          deviation = floats;
        }
      }
    }
    boolean known = !mean.isEmpty() && deviation.stream().anyMatch(value -> value > 0);
    return known ? Optional.of(new PixelScale(pixels.bits(), mean, deviation)) : Optional.empty();
  }

  /**
   * Checks that weights whose bands were measured are not used with other ones of a spec, which
   * would compute something else without a word.
   *
   * @throws AtrousException if they differ
   */
  static void requireSame(CompiledModel model, Checkpoint weights) {
    PixelScale pixels = model.description().pixels();
    for (String name : weights.shapes().keySet()) {
      if (!pixels.isMeasured() && Parameter.isOfBands(name)) {
        List<Float> trained = floats(weights.read(name));
        boolean mean = Parameter.isBandMean(name);
        List<Float> now = mean ? pixels.mean() : pixels.deviation();
        if (!areClose(trained, now)) {
          throw new AtrousException(
              "The weights %s were trained with the bands' %s %s, as the training measured them, and the spec of %s has %s. Leave out 'bandMean' and 'bandDeviation' in it, or train it anew."
                  .formatted(
                      weights.prefix(),
                      mean ? "means" : "deviations",
                      trained,
                      model.description().name(),
                      now));
        }
      }
    }
  }

  /** Up to the digits that are said of them. */
  private static boolean areClose(List<Float> some, List<Float> others) {
    boolean close = some.size() == others.size();
    for (int i = 0; close && i < some.size(); i++) {
      close = Math.abs(some.get(i) - others.get(i)) <= 1e-3 * Math.abs(some.get(i)) + 1e-6;
    }
    return close;
  }

  private static List<Float> floats(float @Nullable [] values) {
    List<Float> floats = new ArrayList<>();
    if (values != null) {
      for (float value : values) {
        floats.add(value);
      }
    }
    return floats;
  }

  /** The parameters that hold what was measured. */
  public static Map<String, float[]> parameters(CompiledModel model, PixelScale scale) {
    Map<String, float[]> parameters = new LinkedHashMap<>();
    for (Parameter parameter : model.parameters()) {
      if (Parameter.isOfBands(parameter.name())) {
        List<Float> values =
            Parameter.isBandMean(parameter.name()) ? scale.mean() : scale.deviation();
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
          floats[i] = values.get(i);
        }
        parameters.put(parameter.name(), floats);
      }
    }
    return parameters;
  }

  /** That weights can't predict, since nothing was measured. */
  static AtrousException missing(String model) {
    return new AtrousException(
        "The weights have no mean and deviation of the bands, which %s measures on the images that it is trained on: they were never trained on such images. Train it from them (train --weights), or give 'bandMean' and 'bandDeviation' in its spec."
            .formatted(model));
  }
}
