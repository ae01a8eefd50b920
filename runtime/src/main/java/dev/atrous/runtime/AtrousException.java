package dev.atrous.runtime;

/**
 * A mistake in what the user supplied, or a lack in the machine: data, weights, options, native
 * libraries. The message is complete for its reader: what happened, where, and what to do. The
 * command line prints it without a stack trace.
 */
public final class AtrousException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public AtrousException(String message) {
    super(message);
  }

  public AtrousException(String message, Throwable cause) {
    super(message, cause);
  }
}
