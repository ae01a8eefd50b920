package dev.atrous.runtime.data;

import dev.atrous.runtime.AtrousException;
import org.jspecify.annotations.Nullable;

/** Why a file can't be used: a fact that names it, and advice that is the same for its kind. */
final class UnusableFile extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String fact;
  private final String advice;

  /**
   * @param fact a sentence without its full stop
   * @param advice whole sentences
   */
  UnusableFile(String fact, String advice, @Nullable Throwable cause) {
    super(fact + ". " + advice, cause);
    this.fact = fact;
    this.advice = advice;
  }

  UnusableFile(String fact, String advice) {
    this(fact, advice, null);
  }

  String fact() {
    return fact;
  }

  String advice() {
    return advice;
  }

  /** For who asked for this file alone. */
  AtrousException alone() {
    return new AtrousException(fact + ". " + advice, this);
  }
}
