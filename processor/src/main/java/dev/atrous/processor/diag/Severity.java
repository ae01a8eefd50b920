package dev.atrous.processor.diag;

/** Whether a diagnostic stops the compilation. */
public enum Severity {
  /** No model can be generated from the spec. */
  ERROR,
  /** The model is generated, but probably not what its author wants. */
  WARNING
}
