package dev.atrous.processor.pass;

import dev.atrous.processor.ir.Graph;

/** A rewrite of a graph: the same results with less work. */
public interface Pass {

  /** For dumps and messages, for example {@code drop-dead-taps}. */
  String name();

  /**
   * Whether the rewritten graph computes the same at the planned size only, and at smaller ones.
   */
  boolean dependsOnSize();

  /** The rewritten graph; the same object if there was nothing to do. */
  Graph apply(Graph graph);
}
