package dev.atrous.processor;

import dev.atrous.processor.spec.Lineage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;

/** The types whose sources are compiled, and what they extend. */
final class Sources {
  private final Set<String> types = new HashSet<>();
  private final Set<String> extended = new HashSet<>();

  /** The types of a round, those in others too. */
  static List<TypeElement> of(RoundEnvironment round) {
    List<TypeElement> all = new ArrayList<>();
    addAll(ElementFilter.typesIn(round.getRootElements()), all);
    return all;
  }

  /** Takes in types, again where what they extend was not known before. */
  void add(Iterable<TypeElement> all) {
    for (TypeElement type : all) {
      types.add(name(type));
      Lineage.parents(type).forEach(parent -> extended.add(name(parent)));
    }
  }

  private static void addAll(Iterable<TypeElement> types, List<TypeElement> all) {
    for (TypeElement type : types) {
      all.add(type);
      addAll(ElementFilter.typesIn(type.getEnclosedElements()), all);
    }
  }

  private static String name(TypeElement type) {
    return type.getQualifiedName().toString();
  }

  /** Whether the source of a type is compiled, so that a message can point at it. */
  boolean have(Element element) {
    return element instanceof TypeElement type && types.contains(name(type));
  }

  /** Whether another type extends a type. */
  boolean extend(TypeElement type) {
    return extended.contains(name(type));
  }
}
