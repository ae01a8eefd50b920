package dev.atrous.processor.spec;

import dev.atrous.processor.diag.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import org.jspecify.annotations.Nullable;

/**
 * The values of a spec by path ({@code ASPP.rates}), and where they come from: the spec, a type
 * that it extends, or the default of the annotation. Knows the annotations by name alone: the
 * processor does not depend on the module that declares them.
 */
final class SpecReader {
  private final Elements elements;
  private final TypeElement spec;
  private final Map<String, List<Written>> written;
  private final Map<String, List<Written>> inherited;
  private final Map<String, AnnotationValue> defaults = new LinkedHashMap<>();

  SpecReader(Elements elements, TypeElement spec) {
    this.elements = elements;
    this.spec = spec;
    Inheritance inheritance = new Inheritance();
    written = inheritance.of(spec);
    inherited = inheritance.inherited(spec);
    Annotations.ALL.forEach(this::readDefaults);
  }

  private void readDefaults(String annotation) {
    TypeElement declaration = elements.getTypeElement(Annotations.qualified(annotation));
    if (declaration != null) {
      for (ExecutableElement member : ElementFilter.methodsIn(declaration.getEnclosedElements())) {
        defaults.put(
            annotation + "." + member.getSimpleName(),
            Objects.requireNonNull(member.getDefaultValue(), "every value has a default"));
      }
    }
  }

  /** Whether Java accepts the annotations and what the spec extends. */
  boolean isReadable() {
    return Lineage.isKnown(spec) && Lineage.of(spec).stream().allMatch(Written::isReadable);
  }

  /** Whether the spec has an annotation, of its own or inherited. */
  boolean has(String annotation) {
    return written.containsKey(annotation);
  }

  /** Whether a value is written somewhere. */
  boolean isWritten(String path) {
    return written.containsKey(path);
  }

  /** Whether the spec would have a value if it did not write it itself. */
  boolean isInherited(String path) {
    return inherited.containsKey(path);
  }

  /** The annotations on the spec itself. */
  List<String> ownAnnotations() {
    return Written.on(spec).keySet().stream().filter(path -> !path.contains(".")).toList();
  }

  /**
   * Where a value was looked for in vain, for the end of a sentence; empty if the spec extends
   * nothing.
   */
  String whereLooked() {
    String parents =
        Lineage.of(spec).stream()
            .skip(1)
            .map(parent -> SpecName.of(elements, parent).simpleNames())
            .collect(Collectors.joining(", "));
    return parents.isEmpty()
        ? ""
        : ", neither on " + spec.getSimpleName() + " nor on what it extends (" + parents + ")";
  }

  int integer(String path) {
    return (Integer) value(path);
  }

  double real(String path) {
    return (Double) value(path);
  }

  boolean bool(String path) {
    return (Boolean) value(path);
  }

  List<Integer> integers(String path) {
    return items(path).map(Integer.class::cast).toList();
  }

  List<Double> reals(String path) {
    return items(path).map(Double.class::cast).toList();
  }

  List<String> strings(String path) {
    return items(path).map(String.class::cast).toList();
  }

  private Stream<Object> items(String path) {
    return ((List<?>) value(path)).stream().map(item -> ((AnnotationValue) item).getValue());
  }

  /** The constant that an enum value names, or another where it names {@code PRESET}. */
  <E extends Enum<E>> E constant(String path, Class<E> type, E preset) {
    String name = ((VariableElement) value(path)).getSimpleName().toString();
    return name.equals("PRESET") ? preset : Enum.valueOf(type, name);
  }

  /** The constant that an enum value names. */
  <E extends Enum<E>> E constant(String path, Class<E> type) {
    return Enum.valueOf(type, ((VariableElement) value(path)).getSimpleName().toString());
  }

  /** What a value is where nothing else is written. */
  Object byDefault(String path) {
    return defaultOf(path).getValue();
  }

  private Object value(String path) {
    List<Written> found = written.get(path);
    return annotationValue(found == null ? null : found.get(0), path).getValue();
  }

  private AnnotationValue annotationValue(@Nullable Written found, String path) {
    return found == null || found.value() == null ? defaultOf(path) : found.value();
  }

  private AnnotationValue defaultOf(String path) {
    AnnotationValue value = defaults.get(path);
    if (value == null) {
      throw new IllegalStateException("there is no value " + path);
    }
    return value;
  }

  /** Values that several types give and the spec does not, by path: those that are not the same. */
  Map<String, List<Written>> disagreements() {
    Map<String, List<Written>> disagreements = new LinkedHashMap<>();
    for (String path : defaults.keySet()) {
      List<Written> all = written.getOrDefault(path, List.of());
      Map<String, Written> different = new LinkedHashMap<>();
      all.forEach(one -> different.putIfAbsent(text(one), one));
      if (different.size() > 1) {
        disagreements.put(path, List.copyOf(different.values()));
      }
    }
    return disagreements;
  }

  /** {@code 16 from Paper, 8 from Small}. */
  String inWords(List<Written> values) {
    return values.stream()
        .map(one -> text(one) + " from " + SpecName.of(elements, one.type()).simpleNames())
        .collect(Collectors.joining(", "));
  }

  SpecName name() {
    return SpecName.of(elements, spec);
  }

  private static String text(Written written) {
    return Written.text(Objects.requireNonNull(written.value()));
  }

  Origins origins() {
    Map<String, Origin> places = new HashMap<>();
    places.put("", Origin.of(spec));
    written.forEach((path, all) -> locate(places, path, all.get(0)));
    return new Origins(places, values());
  }

  private static void locate(Map<String, Origin> places, String path, Written written) {
    Origin origin = written.origin();
    places.put(path, origin);
    if (written.value() != null && written.value().getValue() instanceof List<?> items) {
      for (int i = 0; i < items.size(); i++) {
        places.put(path + "[" + i + "]", origin.item((AnnotationValue) items.get(i)));
      }
    }
  }

  /** The values of the annotations that the spec has, and those that all specs have. */
  private List<SpecValue> values() {
    List<SpecValue> values = new ArrayList<>();
    for (String path : defaults.keySet()) {
      int dot = path.indexOf('.');
      String annotation = path.substring(0, dot);
      if (has(annotation) || !Annotations.OF_PARTS.contains(annotation)) {
        Written found = written.getOrDefault(path, List.of()).stream().findFirst().orElse(null);
        values.add(
            new SpecValue(
                annotation,
                path.substring(dot + 1),
                Written.text(annotationValue(found, path)),
                Optional.ofNullable(found).map(one -> SpecName.of(elements, one.type()))));
      }
    }
    return values;
  }
}
