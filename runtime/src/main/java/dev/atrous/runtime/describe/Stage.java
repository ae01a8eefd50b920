package dev.atrous.runtime.describe;

import dev.atrous.runtime.model.ModelDescription;
import java.util.ArrayList;
import java.util.List;

/**
 * A map on the way through the backbone, and the part that gives it.
 *
 * @param name of the part; {@code image} for the image itself
 * @param units number of residual units; 0 where there are none
 * @param stride by how much the part subsamples, with the pool behind a stem
 * @param outputStride by how much everything up to here subsamples
 * @param size positions along an axis of the map
 * @param channels of the map
 * @param rates of its units; units of the same rate one after the other are a run
 */
record Stage(
    String name, int units, int stride, int outputStride, int size, int channels, List<Run> rates) {

  /**
   * Units one after the other with the same rate.
   *
   * @param first number of the first, from 1
   * @param last number of the last
   * @param map positions along an axis of the map that they read
   */
  record Run(int rate, int first, int last, int map) {
    /** {@code 2–23}, or the number of the one. */
    String range() {
      return first == last ? String.valueOf(first) : first + "–" + last;
    }
  }

  private static final String IMAGE = "image";
  private static final String STEM = "stem";
  private static final String BLOCK = "block\\d+";

  boolean isImage() {
    return name.equals(IMAGE);
  }

  /** Whether a unit has a rate above 1. */
  boolean isAtrous() {
    return rates.stream().anyMatch(run -> run.rate() > 1);
  }

  /** Whether a part belongs to the backbone. */
  static boolean isBackbone(NetworkPart part) {
    return part.name().equals(STEM) || part.name().matches(BLOCK);
  }

  /** The image, and what the parts of the backbone make of it. */
  static List<Stage> of(ModelDescription model, List<NetworkPart> backbone) {
    List<Stage> stages = new ArrayList<>();
    Stage before = new Stage(IMAGE, 0, 1, 1, model.crop(), 3, List.of());
    stages.add(before);
    for (int i = 0; i < backbone.size(); i++) {
      NetworkPart part = backbone.get(i);
      int size = i + 1 < backbone.size() ? input(backbone.get(i + 1)) : part.last().height();
      int pool = size < part.last().height() ? 2 : 1; // a pool is no convolution and has no layer
      int stride = part.stride() * pool;
      boolean stem = part.name().equals(STEM);
      before =
          new Stage(
              part.name(),
              stem ? 0 : part.units().size(),
              stride,
              before.outputStride * stride,
              size,
              part.last().channels(),
              stem ? List.of() : runs(part.units()));
      stages.add(before);
    }
    return stages;
  }

  private static int input(NetworkPart part) {
    return part.layers().get(0).inputHeight();
  }

  private static List<Run> runs(List<NetworkUnit> units) {
    List<Run> runs = new ArrayList<>();
    for (int number = 1; number <= units.size(); number++) {
      NetworkUnit unit = units.get(number - 1);
      Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
      if (last != null && last.rate == unit.rate()) {
        runs.set(runs.size() - 1, new Run(last.rate, last.first, number, last.map));
      } else {
        runs.add(new Run(unit.rate(), number, number, unit.widest().inputHeight()));
      }
    }
    return runs;
  }
}
