package dev.atrous.runtime.describe;

import dev.atrous.runtime.model.LayerDescription;

/**
 * The path of a layer in the network.
 *
 * @param part the first of it: {@code block4} of {@code block4/unit1/conv2}
 * @param unit what is between: {@code unit1}; empty for a layer right in its part
 * @param layer the last: {@code conv2}
 */
public record LayerName(String part, String unit, String layer) {

  /** Takes the path apart. A name without parts is a part of its own. */
  public static LayerName of(LayerDescription layer) {
    String path = layer.name();
    int first = path.indexOf('/');
    int last = path.lastIndexOf('/');
    return new LayerName(
        first < 0 ? path : path.substring(0, first),
        first == last ? "" : path.substring(first + 1, last),
        path.substring(last + 1));
  }
}
