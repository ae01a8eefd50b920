package dev.atrous.processor.ir;

/** The part of a step that a node belongs to. */
public enum Phase {
  FORWARD,
  /** Derivatives, and the updates that they lead to. */
  BACKWARD,
  /** Updates that need all derivatives. */
  UPDATE
}
