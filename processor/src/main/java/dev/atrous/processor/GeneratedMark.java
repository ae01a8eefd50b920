package dev.atrous.processor;

import java.util.List;
import java.util.Set;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ModuleElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;
import org.jspecify.annotations.Nullable;

/** The annotation of the JDK that says which processor wrote a class. */
final class GeneratedMark {
  /** In the module {@code java.compiler}. */
  static final String NAME = "javax.annotation.processing.Generated";

  private GeneratedMark() {}

  /** Whether code beside a type can use it: not every module reads {@code java.compiler}. */
  static boolean isVisibleTo(Elements elements, TypeElement type) {
    ModuleElement module = elements.getModuleOf(type);
    return module != null && elements.getTypeElement(module, NAME) != null;
  }

  /**
   * Whether the source of a type, if there is one, says that this processor wrote it. Class files
   * do not say.
   */
  static boolean isOurs(@Nullable Element type) {
    return type != null
        && type.getAnnotationMirrors().stream()
            .filter(annotation -> isMark(annotation.getAnnotationType().asElement()))
            .flatMap(annotation -> annotation.getElementValues().values().stream())
            .map(AnnotationValue::getValue)
            .anyMatch(GeneratedMark::isProcessor);
  }

  private static boolean isMark(Element annotation) {
    return annotation instanceof TypeElement type && type.getQualifiedName().contentEquals(NAME);
  }

  /** One of the mark's values: its first is a list of processors. */
  private static boolean isProcessor(Object value) {
    return value instanceof List<?> names
        && names.stream()
            .anyMatch(
                name ->
                    name instanceof AnnotationValue text
                        && ModelProcessor.class.getName().equals(text.getValue()));
  }

  /** Whether all that was generated and is seen in a round is of this processor. */
  static boolean areAllOurs(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    return annotations.stream()
        .filter(GeneratedMark::isMark)
        .flatMap(mark -> round.getElementsAnnotatedWith(mark).stream())
        .allMatch(GeneratedMark::isOurs);
  }
}
