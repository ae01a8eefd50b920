package dev.atrous.processor.spec;

import dev.atrous.processor.diag.DiagnosticId;
import dev.atrous.processor.diag.Diagnostics;
import dev.atrous.processor.diag.Origin;
import dev.atrous.processor.diag.Severity;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;

/**
 * The warnings that {@code @SuppressWarnings} silences, on a spec and on the types around it: those
 * of the named ids, or all of them.
 */
public final class Suppressions {
  private static final String ALL = "all";
  private static final Pattern CODE = Pattern.compile("ATR\\d+");

  private Suppressions() {}

  /** The ids that are silenced for a spec; never that of an error. */
  public static Set<DiagnosticId> of(TypeElement spec) {
    Set<DiagnosticId> suppressed = EnumSet.noneOf(DiagnosticId.class);
    for (Element around = spec;
        around instanceof TypeElement;
        around = around.getEnclosingElement()) {
      annotation(around).stream()
          .flatMap(Suppressions::arrays)
          .flatMap(Suppressions::items)
          .map(AnnotationValue::getValue)
          .flatMap(name -> warnings(String.valueOf(name)))
          .forEach(suppressed::add);
    }
    return suppressed;
  }

  /** Reports the ids on a spec that can't be silenced. */
  static void check(TypeElement spec, Diagnostics diagnostics) {
    annotation(spec)
        .ifPresent(
            annotation ->
                arrays(annotation)
                    .forEach(
                        array -> {
                          Origin origin = Origin.of(spec, annotation, array);
                          items(array).forEach(item -> check(origin.item(item), item, diagnostics));
                        }));
  }

  private static void check(Origin origin, AnnotationValue item, Diagnostics diagnostics) {
    String name = String.valueOf(item.getValue());
    if (CODE.matcher(name).matches() && warnings(name).findAny().isEmpty()) {
      String why =
          DiagnosticId.ofCode(name).isPresent()
              ? name + " is an error, and only warnings can be suppressed"
              : "there is no message " + name;
      diagnostics.report(DiagnosticId.SUPPRESSES_NOTHING, origin, name, why);
    }
  }

  private static Stream<DiagnosticId> warnings(String name) {
    return Stream.of(DiagnosticId.values())
        .filter(id -> id.severity() == Severity.WARNING)
        .filter(id -> name.equals(ALL) || name.equals(id.code()));
  }

  private static Optional<AnnotationMirror> annotation(Element element) {
    return element.getAnnotationMirrors().stream()
        .filter(annotation -> name(annotation).equals(SuppressWarnings.class.getName()))
        .map(AnnotationMirror.class::cast)
        .findFirst();
  }

  private static String name(AnnotationMirror annotation) {
    return ((TypeElement) annotation.getAnnotationType().asElement()).getQualifiedName().toString();
  }

  /** The one value; none where it is not as Java wants it. */
  private static Stream<AnnotationValue> arrays(AnnotationMirror annotation) {
    return annotation.getElementValues().values().stream()
        .filter(value -> value.getValue() instanceof List<?>)
        .map(AnnotationValue.class::cast);
  }

  private static Stream<AnnotationValue> items(AnnotationValue array) {
    return ((List<?>) array.getValue()).stream().map(AnnotationValue.class::cast);
  }
}
