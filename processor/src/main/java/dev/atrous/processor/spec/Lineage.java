package dev.atrous.processor.spec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/** A type and what it extends, of which it inherits annotations. */
public final class Lineage {
  private Lineage() {}

  /** What a type extends and implements by itself, in the order of the source. */
  public static List<TypeElement> parents(TypeElement type) {
    List<TypeElement> parents = new ArrayList<>();
    supertypes(type)
        .filter(DeclaredType.class::isInstance)
        .map(parent -> (TypeElement) ((DeclaredType) parent).asElement())
        .filter(parent -> !parent.getQualifiedName().contentEquals(Object.class.getName()))
        .forEach(parents::add);
    return parents;
  }

  private static Stream<TypeMirror> supertypes(TypeElement type) {
    return Stream.concat(Stream.of(type.getSuperclass()), type.getInterfaces().stream());
  }

  /** A type and all that it extends, each once, the nearest first. */
  static Set<TypeElement> of(TypeElement type) {
    Set<TypeElement> found = new LinkedHashSet<>();
    Deque<TypeElement> next = new ArrayDeque<>(List.of(type));
    while (!next.isEmpty()) {
      TypeElement nearest = next.remove();
      if (found.add(nearest)) {
        next.addAll(parents(nearest));
      }
    }
    return found;
  }

  /** Whether all that a type extends is known to the compiler. */
  static boolean isKnown(TypeElement type) {
    return of(type).stream()
        .flatMap(Lineage::supertypes)
        .noneMatch(parent -> parent.getKind() == TypeKind.ERROR);
  }

  /** Whether a type extends another. */
  static boolean extendsType(TypeElement type, TypeElement other) {
    return !type.equals(other) && of(type).contains(other);
  }
}
