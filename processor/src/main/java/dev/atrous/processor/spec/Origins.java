package dev.atrous.processor.spec;

import dev.atrous.processor.diag.Origin;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the values of a spec stand in the source, by path: {@code ASPP.rates}, {@code
 * ASPP.rates[1]}, {@code ASPP}.
 */
public final class Origins {
  /** Of a spec that was not read from source. */
  public static final Origins NONE = new Origins(Map.of());

  private final Map<String, Origin> byPath;

  Origins(Map<String, Origin> byPath) {
    this.byPath = Map.copyOf(byPath);
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

  /** Whether the value of a path is written out. */
  boolean has(String path) {
    return byPath.containsKey(path);
  }

  private static String parent(String path) {
    int cut = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
    return cut < 0 ? "" : path.substring(0, cut);
  }
}
