package dev.atrous.runtime.op;

import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * What the operations of a graph know of the training step that they compute.
 *
 * @param step its number, a scalar; null in an inference graph
 * @param part which of the step's batches this is, a scalar; null if it is the only one
 * @param pixelTotal as in {@link NetworkOps#withPart}; null if the batch is the whole step
 * @param xla whether XLA compiles it
 * @param workers that compute it together
 * @param classWeights of the run, one for each class; none for those of the spec
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record StepContext(
    @Nullable Operand<TInt64> step,
    @Nullable Operand<TInt64> part,
    @Nullable Operand<TFloat32> pixelTotal,
    boolean xla,
    WorkerSums workers,
    float... classWeights) {
  /** An inference graph, which has no step. */
  static final StepContext NONE =
      new StepContext(null, null, null, false, WorkerSums.ALONE, new float[0]);

  /** A step of one batch. */
  static StepContext of(Operand<TInt64> step) {
    return new StepContext(step, null, null, false, WorkerSums.ALONE, new float[0]);
  }

  StepContext forXla() {
    return new StepContext(step, part, pixelTotal, true, workers, classWeights);
  }

  StepContext withPart(Operand<TInt64> number, Operand<TFloat32> total) {
    return new StepContext(step, number, total, xla, workers, classWeights);
  }

  StepContext withWorkers(WorkerSums sums) {
    return new StepContext(step, part, pixelTotal, xla, sums, classWeights);
  }

  StepContext withClassWeights(float... weights) {
    return new StepContext(step, part, pixelTotal, xla, workers, weights.clone());
  }

  /** The class weights of the run if it has its own, otherwise those of the spec. */
  float[] classWeights(float... ofSpec) {
    return classWeights.length == 0 ? ofSpec : classWeights;
  }
}
