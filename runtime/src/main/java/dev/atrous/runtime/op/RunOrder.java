package dev.atrous.runtime.op;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;

/**
 * The order in which a backward pass runs: that of the code that builds it. Left to itself,
 * TensorFlow computes the derivatives by all maps first, down to the stem, and those by weights
 * afterwards, and keeps every derivative by a map until then.
 */
final class RunOrder {
  private @Nullable Op last;

  /**
   * Adds an operation that runs after the one that was added last.
   *
   * @param tf where it goes
   * @param operation adds it to what it is given
   */
  <T extends Op> T next(Ops tf, Function<Ops, T> operation) {
    return next(tf, operation, added -> added);
  }

  /**
   * Adds several operations that run after the one that was added last.
   *
   * @param operations adds them
   * @param slowest what of their result the next operation waits for
   */
  <R> R next(Ops tf, Function<Ops, R> operations, Function<R, Op> slowest) {
    R added = operations.apply(last == null ? tf : tf.withControlDependencies(List.of(last)));
    last = slowest.apply(added);
    return added;
  }
}
