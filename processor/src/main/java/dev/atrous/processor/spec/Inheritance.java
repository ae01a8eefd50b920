package dev.atrous.processor.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.TypeElement;

/**
 * What is written on types and on all that they extend, value by value. As with methods of
 * interfaces in Java, what a type writes hides what it inherits, along every way that leads to it.
 */
final class Inheritance {
  private final Map<TypeElement, Map<String, List<Written>>> known = new LinkedHashMap<>();

  /** The values of a type by path, with all that nothing hides: several where parents meet. */
  Map<String, List<Written>> of(TypeElement type) {
    Map<String, List<Written>> before = known.get(type);
    if (before != null) {
      return before;
    }
    Map<String, List<Written>> all = new LinkedHashMap<>();
    Written.on(type).forEach((path, written) -> all.put(path, List.of(written)));
    inherited(type).forEach(all::putIfAbsent);
    known.put(type, all);
    return all;
  }

  /** What a type would have if nothing were written on it. */
  Map<String, List<Written>> inherited(TypeElement type) {
    Map<String, Set<Written>> met = new LinkedHashMap<>();
    for (TypeElement parent : Lineage.parents(type)) {
      of(parent)
          .forEach(
              (path, written) ->
                  met.computeIfAbsent(path, p -> new LinkedHashSet<>()).addAll(written));
    }
    Map<String, List<Written>> visible = new LinkedHashMap<>();
    met.forEach((path, written) -> visible.put(path, visible(written)));
    return visible;
  }

  /** Those that no other hides. */
  private static List<Written> visible(Set<Written> met) {
    List<Written> visible = new ArrayList<>();
    for (Written one : met) {
      if (met.stream().noneMatch(other -> Lineage.extendsType(other.type(), one.type()))) {
        visible.add(one);
      }
    }
    return visible;
  }
}
