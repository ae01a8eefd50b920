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
 * @param array the value that it is an item of; without one, the value itself
 */
public record Origin(
    Element element,
    @Nullable AnnotationMirror annotation,
    @Nullable AnnotationValue value,
    @Nullable AnnotationValue array) {

  /** The spec itself. */
  public static Origin of(Element element) {
    return new Origin(element, null, null, null);
  }

  /** An annotation. */
  public static Origin of(Element element, AnnotationMirror annotation) {
    return new Origin(element, annotation, null, null);
  }

  /** A value of an annotation. */
  public static Origin of(Element element, AnnotationMirror annotation, AnnotationValue value) {
    return new Origin(element, annotation, value, value);
  }

  /** An item of this value, which is an array. */
  public Origin item(AnnotationValue item) {
    return new Origin(element, annotation, item, value);
  }
}
