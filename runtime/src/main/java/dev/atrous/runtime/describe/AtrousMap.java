package dev.atrous.runtime.describe;

import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.model.ValidWeights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A size of maps that atrous convolutions work on.
 *
 * @param height rows
 * @param width columns
 * @param rates those of its convolutions, ascending
 */
record AtrousMap(int height, int width, List<Rate> rates) {
  private static final int FILTER = 3;
  private static final String UNIT = "unit";

  AtrousMap {
    rates = List.copyOf(rates);
  }

  /**
   * A rate, and who has it.
   *
   * @param parts for example {@code block3, block4}
   * @param units for example {@code block3 units 2–23, block4 unit 1}
   */
  record Rate(int rate, String parts, String units) {}

  /** Whether a layer is a 3x3 convolution with a rate above 1. */
  static boolean isAtrous(LayerDescription layer) {
    return layer.kernel() == FILTER && layer.rate() > 1;
  }

  /** The maps of the atrous convolutions of stride 1, the largest first. */
  static List<AtrousMap> of(List<LayerDescription> network) {
    Map<List<Integer>, List<LayerDescription>> bySize =
        network.stream()
            .filter(layer -> isAtrous(layer) && layer.stride() == 1)
            .collect(
                Collectors.groupingBy(
                    layer -> List.of(layer.inputHeight(), layer.inputWidth()),
                    LinkedHashMap::new,
                    Collectors.toList()));
    return bySize.entrySet().stream()
        .map(map -> new AtrousMap(map.getKey().get(0), map.getKey().get(1), rates(map.getValue())))
        .sorted((a, b) -> Integer.compare(b.height * b.width, a.height * a.width))
        .toList();
  }

  /** What a filter of some rate sees of it. */
  ValidWeights validWeights(int rate) {
    return new ValidWeights(height, width, rate);
  }

  private static List<Rate> rates(List<LayerDescription> layers) {
    SortedMap<Integer, List<LayerDescription>> byRate =
        layers.stream()
            .collect(
                Collectors.groupingBy(LayerDescription::rate, TreeMap::new, Collectors.toList()));
    return byRate.entrySet().stream().map(e -> rate(e.getKey(), e.getValue())).toList();
  }

  private static Rate rate(int rate, List<LayerDescription> layers) {
    List<NetworkPart> parts = NetworkPart.of(layers);
    return new Rate(
        rate,
        parts.stream().map(NetworkPart::name).collect(Collectors.joining(", ")),
        parts.stream().map(AtrousMap::units).collect(Collectors.joining(", ")));
  }

  /** {@code block3 units 2–23}; branches by their paths. */
  private static String units(NetworkPart part) {
    List<String> names = part.units().stream().map(NetworkUnit::name).toList();
    if (!names.stream().allMatch(name -> name.matches(UNIT + "\\d+"))) {
      return names.stream()
          .map(name -> name.isEmpty() ? part.name() : part.name() + "/" + name)
          .collect(Collectors.joining(", "));
    }
    List<Integer> numbers =
        names.stream().map(name -> Integer.valueOf(name.substring(UNIT.length()))).toList();
    return part.name() + (numbers.size() == 1 ? " unit " : " units ") + ranges(numbers);
  }

  private static String ranges(List<Integer> ascending) {
    List<String> ranges = new ArrayList<>();
    int first = 0;
    for (int i = 1; i <= ascending.size(); i++) {
      if (i == ascending.size() || ascending.get(i) != ascending.get(i - 1) + 1) {
        int from = ascending.get(first);
        int to = ascending.get(i - 1);
        ranges.add(from == to ? String.valueOf(from) : from + "–" + to);
        first = i;
      }
    }
    return String.join(", ", ranges);
  }
}
