package dev.atrous.processor.spec;

import dev.atrous.processor.diag.Origin;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/**
 * An annotation of ours, or a value in one, as it is written on a type.
 *
 * @param type that carries it
 * @param value null for the annotation itself
 */
record Written(TypeElement type, AnnotationMirror annotation, @Nullable AnnotationValue value) {
  /** The placeholder of compilers for a value that they can't make sense of. */
  private static final String PLACEHOLDER = "<error>";

  /** What is written on a type itself, by path: {@code ASPP} and {@code ASPP.rates}. */
  static Map<String, Written> on(TypeElement type) {
    Map<String, Written> all = new LinkedHashMap<>();
    ours(type)
        .forEach(
            annotation -> {
              String name = name(annotation);
              all.put(name, new Written(type, annotation, null));
              annotation
                  .getElementValues()
                  .forEach(
                      (member, value) -> {
                        if (!text(value).equals(Annotations.INHERITED)) {
                          String path = name + "." + member.getSimpleName();
                          all.put(path, new Written(type, annotation, value));
                        }
                      });
            });
    return all;
  }

  /** Whether Java accepts our annotations on a type: each once, and each value of its type. */
  static boolean isReadable(TypeElement type) {
    return ours(type).map(Written::name).distinct().count() == ours(type).count()
        && ours(type).allMatch(Written::isReadable);
  }

  private static boolean isReadable(AnnotationMirror annotation) {
    return annotation.getElementValues().entrySet().stream()
        .allMatch(member -> isOfType(member.getValue(), member.getKey().getReturnType()));
  }

  private static Stream<? extends AnnotationMirror> ours(TypeElement type) {
    return type.getAnnotationMirrors().stream().filter(annotation -> !name(annotation).isEmpty());
  }

  /** Without its package; empty for those of others. */
  private static String name(AnnotationMirror annotation) {
    return Annotations.simpleName((TypeElement) annotation.getAnnotationType().asElement())
        .orElse("");
  }

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
              : object instanceof VariableElement
                  || (object instanceof AnnotationMirror annotation && isReadable(annotation));
    };
  }

  /** A value as it may be written: {@code 513}, {@code RESNET_101}, {@code {6, 12, 18}}. */
  static String text(AnnotationValue value) {
    Object object = value.getValue();
    if (object instanceof List<?> items) {
      return items.stream()
          .map(item -> text((AnnotationValue) item))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (object instanceof VariableElement constant) {
      return constant.getSimpleName().toString();
    }
    if (object instanceof AnnotationMirror annotation) {
      return annotation.getElementValues().entrySet().stream()
          .map(member -> member.getKey().getSimpleName() + " = " + text(member.getValue()))
          .collect(Collectors.joining(", ", "@" + name(annotation) + "(", ")"));
    }
    return object instanceof String string
        ? '"' + string.replace("\\", "\\\\").replace("\"", "\\\"") + '"'
        : String.valueOf(object);
  }

  /** Where it stands. */
  Origin origin() {
    return value == null ? Origin.of(type, annotation) : Origin.of(type, annotation, value);
  }
}
