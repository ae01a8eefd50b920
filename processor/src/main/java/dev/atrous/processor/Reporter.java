package dev.atrous.processor;

import dev.atrous.processor.diag.Diagnostic;
import dev.atrous.processor.diag.Diagnostics;
import dev.atrous.processor.diag.Origin;
import dev.atrous.processor.diag.Severity;
import javax.annotation.processing.Messager;
import javax.lang.model.element.Element;
import javax.tools.Diagnostic.Kind;

/** Prints diagnostics through javac, each where it belongs. */
final class Reporter {
  private Reporter() {}

  static void report(Messager messager, Element spec, Diagnostics diagnostics) {
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
        messager.printMessage(kind, message, origin.element(), origin.annotation(), origin.value());
      }
    }
  }
}
