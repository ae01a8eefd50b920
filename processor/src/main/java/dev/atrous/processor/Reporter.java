package dev.atrous.processor;

import dev.atrous.processor.diag.Diagnostic;
import dev.atrous.processor.diag.Diagnostics;
import dev.atrous.processor.diag.Origin;
import dev.atrous.processor.diag.Severity;
import javax.annotation.processing.Messager;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.tools.Diagnostic.Kind;

/** Prints diagnostics through the Java compiler, each where it belongs. */
final class Reporter {
  private final Messager messager;

  /**
   * Whether the Eclipse compiler prints. Of the values in an array it knows only the array's place,
   * and puts what is said about one of them on the whole annotation.
   */
  private final boolean eclipse;

  Reporter(Messager messager) {
    this.messager = messager;
    this.eclipse = messager.getClass().getName().startsWith("org.eclipse.jdt.");
  }

  void report(Element spec, Diagnostics diagnostics) {
    for (Diagnostic diagnostic : diagnostics.all()) {
      Kind kind =
          diagnostic.id().severity() == Severity.ERROR ? Kind.ERROR : Kind.MANDATORY_WARNING;
      Origin origin = diagnostic.origin() == null ? Origin.of(spec) : diagnostic.origin();
      String message = diagnostic.message();
      if (origin.annotation() == null) {
        messager.printMessage(kind, message, origin.element());
      } else if (origin.value() == null) {
        messager.printMessage(kind, message, origin.element(), origin.annotation());
      } else {
        AnnotationValue value = eclipse ? origin.array() : origin.value();
        messager.printMessage(kind, message, origin.element(), origin.annotation(), value);
      }
    }
  }
}
