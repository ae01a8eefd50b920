package dev.atrous.processor;

import dev.atrous.processor.diag.Diagnostic;
import dev.atrous.processor.diag.Diagnostics;
import dev.atrous.processor.diag.Origin;
import dev.atrous.processor.diag.Severity;
import java.util.HashSet;
import java.util.Set;
import javax.annotation.processing.Messager;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic.Kind;
import org.jspecify.annotations.Nullable;

/** Prints diagnostics through the Java compiler, each where it belongs. */
final class Reporter {
  private final Messager messager;
  private final Sources sources;

  /**
   * Whether the Eclipse compiler prints. Of the values in an array it knows only the array's place,
   * and puts what is said about one of them on the whole annotation.
   */
  private final boolean eclipse;

  /** What was said about one type because of another that inherits from it, or of itself. */
  private final Set<Said> said = new HashSet<>();

  private record Said(String type, String message) {}

  Reporter(Messager messager, Sources sources) {
    this.messager = messager;
    this.sources = sources;
    this.eclipse = messager.getClass().getName().startsWith("org.eclipse.jdt.");
  }

  /** Whether this is the Eclipse compiler. */
  boolean isEclipse() {
    return eclipse;
  }

  /**
   * Prints what is found about a spec. What is wrong with a value that it inherits is printed once,
   * where the value is written if that is a source, however many specs inherit it.
   */
  void report(TypeElement spec, Diagnostics diagnostics) {
    Set<Said> now = new HashSet<>();
    for (Diagnostic diagnostic : diagnostics.all()) {
      Origin origin = diagnostic.origin() == null ? Origin.of(spec) : diagnostic.origin();
      Element written = origin.element();
      String message = diagnostic.message();
      if (!written.equals(spec)) {
        message += " (" + spec.getSimpleName() + " inherits it from " + written + ".)";
      }
      Said saying = new Said(written.toString(), diagnostic.message());
      if (!sources.have(written)) {
        print(diagnostic, message, Origin.of(spec));
      } else if (!said.contains(saying)) {
        print(diagnostic, message, origin);
        now.add(saying);
      }
    }
    said.addAll(now);
  }

  private void print(Diagnostic diagnostic, String message, Origin origin) {
    Kind kind = diagnostic.id().severity() == Severity.ERROR ? Kind.ERROR : Kind.MANDATORY_WARNING;
    @Nullable AnnotationValue value = eclipse ? origin.array() : origin.value();
    if (origin.annotation() == null) {
      messager.printMessage(kind, message, origin.element());
    } else if (value == null) {
      messager.printMessage(kind, message, origin.element(), origin.annotation());
    } else {
      messager.printMessage(kind, message, origin.element(), origin.annotation(), value);
    }
  }
}
