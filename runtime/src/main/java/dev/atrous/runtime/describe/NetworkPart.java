package dev.atrous.runtime.describe;

import dev.atrous.runtime.model.LayerDescription;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A part of a network: layers whose paths begin alike, for example {@code block4} or {@code aspp}.
 *
 * @param name what they begin with
 * @param layers at least one, in the order of the network
 */
public record NetworkPart(String name, List<LayerDescription> layers) {
  public NetworkPart {
    layers = List.copyOf(layers);
  }

  /** The parts of a network, in its order. */
  public static List<NetworkPart> of(List<LayerDescription> network) {
    return grouped(network, layer -> LayerName.of(layer).part()).entrySet().stream()
        .map(part -> new NetworkPart(part.getKey(), part.getValue()))
        .toList();
  }

  /** All layers as one part, for their sums. */
  public static NetworkPart total(List<LayerDescription> network) {
    return new NetworkPart("total", network);
  }

  /** Its units, in the order of the network. */
  public List<NetworkUnit> units() {
    return grouped(layers, layer -> LayerName.of(layer).unit()).entrySet().stream()
        .map(unit -> new NetworkUnit(unit.getKey(), unit.getValue()))
        .toList();
  }

  private static Map<String, List<LayerDescription>> grouped(
      List<LayerDescription> layers, Function<LayerDescription, String> name) {
    return layers.stream()
        .collect(Collectors.groupingBy(name, LinkedHashMap::new, Collectors.toList()));
  }

  /** The layer that gives its output. */
  public LayerDescription last() {
    return layers.get(layers.size() - 1);
  }

  /** By how much it subsamples. */
  public int stride() {
    return units().stream().mapToInt(NetworkUnit::stride).reduce(1, (a, b) -> a * b);
  }

  /** The rates of its units, each once: {@code 2, 4, 8}. */
  public String rates() {
    return units().stream()
        .map(unit -> String.valueOf(unit.rate()))
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /** Trainable scalars. */
  public long parameters() {
    return layers.stream().mapToLong(LayerDescription::parameters).sum();
  }

  /** Multiplications of one image. */
  public long multiplyAdds() {
    return layers.stream().mapToLong(LayerDescription::multiplyAdds).sum();
  }

  /** What a training step keeps of it for the backward pass, for a batch of the recipe. */
  public long activationBytes() {
    return layers.stream().mapToLong(LayerDescription::activationBytes).sum();
  }
}
