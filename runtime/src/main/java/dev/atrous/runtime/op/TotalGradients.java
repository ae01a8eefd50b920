package dev.atrous.runtime.op;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * The gradients of a whole step from those of its batches. What workers exchange goes in buckets of
 * some megabytes, filled in the order of the backward pass: a sum of one tensor costs about the
 * same as that of a thousand numbers. A bucket is sent as soon as it is full, while the backward
 * pass goes on.
 */
final class TotalGradients {
  private final Ops tf;
  private final RunOrder backward;
  private final StepParts parts;
  private final Map<String, VarHandleOp> accumulators = new LinkedHashMap<>();
  private final List<Function<Ops, Op>> clearing = new ArrayList<>();
  private final List<Op> additions = new ArrayList<>();
  private final List<Waiting> bucket = new ArrayList<>();
  private long elements;

  private record Waiting(Operand<TFloat32> gradient, Consumer<Operand<TFloat32>> use) {}

  TotalGradients(Ops root, RunOrder backward, StepParts parts) {
    tf = root.withSubScope("total");
    this.backward = backward;
    this.parts = parts;
  }

  /**
   * Hands on the gradient of the whole step, at once or when its bucket is full.
   *
   * @param name tells variables apart
   * @param gradient of the batch
   */
  void use(String name, Operand<TFloat32> gradient, Consumer<Operand<TFloat32>> use) {
    Operand<TFloat32> own = parts.accumulated() ? accumulated(name, gradient) : gradient;
    if (parts.workers().workers() == 1) {
      use.accept(own);
      return;
    }
    bucket.add(new Waiting(own, use));
    elements += own.shape().size();
    if (elements >= WorkerSums.BUCKET) {
      exchange();
    }
  }

  private Operand<TFloat32> accumulated(String name, Operand<TFloat32> gradient) {
    VarHandleOp accumulator =
        tf.varHandleOp(
            TFloat32.class, gradient.shape(), VarHandleOp.sharedName(name + "/Accumulated"));
    if (accumulators.put(name, accumulator) != null) {
      throw new IllegalArgumentException("two gradients are named " + name);
    }
    clearing.add(
        ops -> {
          Operand<TInt64> shape = ops.constant(gradient.shape().asArray());
          return ops.assignVariableOp(accumulator, ops.fill(shape, ops.constant(0f)));
        });
    additions.add(backward.next(tf, ops -> ops.assignAddVariableOp(accumulator, gradient)));
    return tf.readVariableOp(accumulator, TFloat32.class);
  }

  /** Sends what the last bucket has. */
  void exchange() {
    if (bucket.isEmpty()) {
      return;
    }
    List<Operand<TFloat32>> totals =
        sums(
            bucket.stream().<Operand<TFloat32>>map(Waiting::gradient).toList(),
            parts.workers()::sumOfGradients);
    List<Waiting> waiting = List.copyOf(bucket);
    bucket.clear();
    elements = 0;
    for (int i = 0; i < waiting.size(); i++) {
      waiting.get(i).use().accept(totals.get(i));
    }
  }

  /** A value of the whole step that is no gradient. */
  Operand<TFloat32> total(String name, Operand<TFloat32> value) {
    return parts.workers().sum(tf, parts.accumulated() ? accumulated(name, value) : value);
  }

  /** The sums of tensors over the workers, as one. */
  List<Operand<TFloat32>> sums(List<Operand<TFloat32>> values) {
    return sums(values, parts.workers()::sum);
  }

  private List<Operand<TFloat32>> sums(
      List<Operand<TFloat32>> values,
      BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> overWorkers) {
    if (values.size() == 1) {
      return List.of(overWorkers.apply(tf, values.get(0)));
    }
    List<Operand<TFloat32>> flat = new ArrayList<>();
    long[] sizes = new long[values.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = values.get(i).shape().size();
      flat.add(tf.reshape(values.get(i), tf.constant(new long[] {sizes[i]})));
    }
    Operand<TFloat32> sum = overWorkers.apply(tf, tf.concat(flat, tf.constant(0)));
    List<Output<TFloat32>> split =
        tf.splitV(sum, tf.constant(sizes), tf.constant(0), (long) sizes.length).output();
    List<Operand<TFloat32>> sums = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      sums.add(tf.reshape(split.get(i), tf.constant(values.get(i).shape().asArray())));
    }
    return sums;
  }

  /** What adds the gradients of a batch to those of the step. */
  List<Op> additions() {
    return Collections.unmodifiableList(additions);
  }

  /** The variables in which they are added up. */
  Map<String, VarHandleOp> accumulators() {
    return Collections.unmodifiableMap(accumulators);
  }

  /**
   * What sets them to zero.
   *
   * @param after operations that it waits for; null for none
   */
  List<Op> clearing(@Nullable Collection<Op> after) {
    Ops ops = after == null ? tf : tf.withControlDependencies(after);
    return clearing.stream().map(clear -> clear.apply(ops)).toList();
  }
}
