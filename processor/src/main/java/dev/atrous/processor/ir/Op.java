package dev.atrous.processor.ir;

/**
 * What a node computes. Operations are values: two with the same attributes are equal. Whoever
 * treats operations (shape rules, derivatives, emission of Java, the reference interpreter of the
 * tests) implements a visitor, so an operation without its rule does not compile.
 */
public sealed interface Op permits SourceOp, ForwardOp, GradientOp, UpdateOp {

  /** Calls the visitor's method for this operation. */
  <R> R accept(Visitor<R> visitor);

  /** The input that gives a shape and no values; -1 if there is none. */
  default int likeInput() {
    return -1;
  }

  /** One method for every operation. */
  interface Visitor<R>
      extends SourceOp.Visitor<R>,
          ForwardOp.Visitor<R>,
          GradientOp.Visitor<R>,
          UpdateOp.Visitor<R> {}
}
