package dev.atrous.processor.ir;

/** An operation was given inputs that it can't take: a mistake in the compiler, never in a spec. */
public final class ShapeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ShapeException(String message) {
    super(message);
  }
}
