package dev.atrous.runtime.describe;

import dev.atrous.runtime.model.LayerDescription;
import java.util.List;

/**
 * Layers that belong together: a residual unit, or a branch of the pyramid.
 *
 * @param name for example {@code unit1}; empty for layers right in their part
 * @param layers at least one, in the order of the network
 */
public record NetworkUnit(String name, List<LayerDescription> layers) {
  private static final String SHORTCUT = "shortcutConv";

  public NetworkUnit {
    layers = List.copyOf(layers);
  }

  /** The largest atrous rate of its filters. */
  public int rate() {
    return layers.stream().mapToInt(LayerDescription::rate).max().orElse(1);
  }

  /** The layer of the largest filter; the first of them. */
  public LayerDescription widest() {
    LayerDescription widest = layers.get(0);
    for (LayerDescription layer : layers) {
      widest = layer.kernel() > widest.kernel() ? layer : widest;
    }
    return widest;
  }

  /** By how much it subsamples: the product of the strides, without that of a shortcut. */
  public int stride() {
    return layers.stream()
        .filter(layer -> !LayerName.of(layer).layer().equals(SHORTCUT))
        .mapToInt(LayerDescription::stride)
        .reduce(1, (a, b) -> a * b);
  }
}
