package dev.atrous.processor.diag;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One finding about a spec.
 *
 * @param origin where; null for a spec that has no source, as in tests
 */
public record Diagnostic(DiagnosticId id, @Nullable Origin origin, String text) {

  /** A finding with the message of the catalogue, whose placeholders the arguments fill. */
  public static Diagnostic of(DiagnosticId id, @Nullable Origin origin, Object... arguments) {
    return new Diagnostic(id, origin, String.format(Locale.ROOT, id.format(), arguments));
  }

  /** What is printed: {@code [ATR007] output stride 12 is not possible ...}. */
  public String message() {
    return "[" + id.code() + "] " + text;
  }
}
