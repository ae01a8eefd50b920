package dev.atrous.processor.spec;

import dev.atrous.processor.diag.Origin;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/**
 * The values of a spec's annotations, with defaults filled in, by path ({@code ASPP.rates}), and
 * where they stand. Knows the annotations by name alone: the processor does not depend on the
 * module that declares them.
 */
final class SpecReader {
  private static final String PLACEHOLDER = "<error>";

  private final Elements elements;
  private final TypeElement spec;
  private final Map<String, Object> values = new HashMap<>();
  private final Map<String, Origin> origins = new LinkedHashMap<>();
  private boolean readable = true;

  SpecReader(Elements elements, TypeElement spec) {
    this.elements = elements;
    this.spec = spec;
    origins.put("", Origin.of(spec));
    for (AnnotationMirror annotation : spec.getAnnotationMirrors()) {
      TypeElement declaration = (TypeElement) annotation.getAnnotationType().asElement();
      Annotations.simpleName(declaration).ifPresent(name -> read(name, annotation));
    }
  }

  private void read(String annotationName, AnnotationMirror annotation) {
    origins.put(annotationName, Origin.of(spec, annotation));
    readable &= values.put(annotationName, annotation) == null; // twice in Java that is wrong
    Map<? extends ExecutableElement, ? extends AnnotationValue> all =
        elements.getElementValuesWithDefaults(annotation);
    Element declaration = annotation.getAnnotationType().asElement();
    for (ExecutableElement member : ElementFilter.methodsIn(declaration.getEnclosedElements())) {
      AnnotationValue value = all.get(member);
      if (value == null || !isOfType(value, member.getReturnType())) {
        readable = false;
      } else {
        String path = annotationName + "." + member.getSimpleName();
        values.put(path, value.getValue());
        if (annotation.getElementValues().containsKey(member)) {
          locate(path, Origin.of(spec, annotation, value), value.getValue());
        }
      }
    }
  }

  /** False for the placeholder that compilers have for a value that they can't make sense of. */
  private static boolean isOfType(AnnotationValue value, TypeMirror type) {
    Object object = value.getValue();
    return switch (type.getKind()) {
      case INT -> object instanceof Integer;
      case DOUBLE -> object instanceof Double;
      case BOOLEAN -> object instanceof Boolean;
      case ARRAY ->
          object instanceof List<?> items
              && items.stream()
                  .allMatch(
                      item ->
                          isOfType((AnnotationValue) item, ((ArrayType) type).getComponentType()));
      default ->
          type.toString().equals(String.class.getName())
              ? object instanceof String && !object.equals(PLACEHOLDER)
              : object instanceof VariableElement;
    };
  }

  /** Whether Java accepts the annotations: no value is missing or of another type. */
  boolean isReadable() {
    return readable;
  }

  private void locate(String path, Origin origin, Object value) {
    origins.put(path, origin);
    if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        origins.put(path + "[" + i + "]", origin.item((AnnotationValue) list.get(i)));
      }
    }
  }

  boolean has(String annotation) {
    return values.containsKey(annotation);
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

  private Object value(String path) {
    Object value = values.get(path);
    if (value == null) {
      throw new IllegalStateException("the annotations on " + spec + " have no value " + path);
    }
    return value;
  }

  Origins origins() {
    return new Origins(origins);
  }

  SpecName name() {
    StringBuilder names = new StringBuilder(spec.getSimpleName());
    boolean isPublic = spec.getModifiers().contains(Modifier.PUBLIC);
    Element around = spec.getEnclosingElement();
    while (around instanceof TypeElement) {
      names.insert(0, around.getSimpleName() + ".");
      isPublic &= around.getModifiers().contains(Modifier.PUBLIC);
      around = around.getEnclosingElement();
    }
    String packageName = elements.getPackageOf(spec).getQualifiedName().toString();
    return new SpecName(packageName, names.toString(), isPublic);
  }
}
