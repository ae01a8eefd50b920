package dev.atrous.processor.codegen;

import dev.atrous.processor.ir.Scope;
import dev.atrous.processor.ir.Value;

/** Java names for the parts of a network. */
final class Identifiers {
  private Identifiers() {}

  /** {@code block4Unit1}. */
  static String variable(Scope scope) {
    return scope.block() + capitalized(scope.unit());
  }

  /** {@code Block4Unit1}. */
  static String type(Scope scope) {
    return capitalized(variable(scope));
  }

  /** {@code block4Unit1Output}: a value as seen from another part. */
  static String variable(Value value) {
    return variable(value.node().scope()) + capitalized(value.node().name());
  }

  static String capitalized(String text) {
    return text.isEmpty() ? "" : Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
