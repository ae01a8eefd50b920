package dev.atrous.runtime.kernel;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Constants of a graph, each of which is there once: adding an operation to a graph takes time.
 * They depend on nothing, so that they may be used in every branch.
 */
final class Constants {
  private final Ops tf;
  private final Map<Integer, Operand<TInt32>> numbers = new HashMap<>();
  private final Map<List<Integer>, Operand<TInt32>> vectors = new HashMap<>();
  private final IdentityHashMap<float[][], Operand<TFloat32>> matrices = new IdentityHashMap<>();

  /**
   * @param tf without control dependencies
   */
  Constants(Ops tf) {
    this.tf = tf;
  }

  /** A scalar. */
  Operand<TInt32> number(int value) {
    return numbers.computeIfAbsent(value, v -> tf.constant(v));
  }

  /** A vector, for example the sizes of a tensor. */
  Operand<TInt32> vector(int... values) {
    List<Integer> key = IntStream.of(values).boxed().collect(Collectors.toList());
    return vectors.computeIfAbsent(key, k -> tf.constant(values));
  }

  /** A matrix, known again by the array itself. */
  Operand<TFloat32> matrix(float[][] values) {
    return matrices.computeIfAbsent(values, v -> tf.constant(v));
  }
}
