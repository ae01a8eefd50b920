package dev.atrous.processor.spec;

import dev.atrous.processor.diag.Origin;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the values of a spec come from, and where they stand in the source, by path: {@code
 * ASPP.rates}, {@code ASPP.rates[1]}, {@code ASPP}.
 */
public final class Origins {
  /** Of a spec that was not read from source. */
  public static final Origins NONE = new Origins(Map.of(), List.of());

  private final Map<String, Origin> byPath;
  private final List<SpecValue> values;

  Origins(Map<String, Origin> byPath, List<SpecValue> values) {
    this.byPath = Map.copyOf(byPath);
    this.values = List.copyOf(values);
  }

  /** The same, but some values stand where the value of another path does. */
  Origins with(Collection<String> paths, String place) {
    Map<String, Origin> moved = new HashMap<>(byPath);
    Origin origin = of(place);
    if (origin != null) {
      paths.forEach(path -> moved.put(path, origin));
    }
    return new Origins(moved, values);
  }

  /** All values of the spec in the order of the annotations, and which type writes each. */
  public List<SpecValue> values() {
    return values;
  }

  /**
   * The origin of a path, or of the nearest thing around it that is written out; null if there is
   * none.
   */
  public @Nullable Origin of(String path) {
    for (String p = path; ; p = parent(p)) {
      Origin origin = byPath.get(p);
      if (origin != null || p.isEmpty()) {
        return origin;
      }
    }
  }

  /** Whether the value of a path is written out, on the spec or on what it extends. */
  boolean has(String path) {
    return byPath.containsKey(path);
  }

  /** Whether the value of a path is written out on the spec itself. */
  boolean isOnSpec(String path) {
    Origin origin = byPath.get(path);
    Origin spec = byPath.get("");
    return origin != null && spec != null && origin.element().equals(spec.element());
  }

  private static String parent(String path) {
    int cut = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
    return cut < 0 ? "" : path.substring(0, cut);
  }
}
