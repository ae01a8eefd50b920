package dev.atrous.processor.diag;

import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import org.jspecify.annotations.Nullable;

/**
 * The place in the source that a diagnostic points at, as precise as it is known.
 *
 * @param element the spec
 * @param annotation the annotation on it, if it is about one
 * @param value the value in the annotation, if it is written out
 */
public record Origin(
    Element element, @Nullable AnnotationMirror annotation, @Nullable AnnotationValue value) {

  /** The spec itself. */
  public static Origin of(Element element) {
    return new Origin(element, null, null);
  }
}
