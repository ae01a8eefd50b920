package dev.atrous.runtime.op;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Sums over the workers that train a model together. Each builds the same graph, and so asks for
 * the same sums in the same order.
 */
public interface WorkerSums {
  /** Those of one worker: every sum is its own value. */
  WorkerSums ALONE =
      new WorkerSums() {
        @Override
        public int workers() {
          return 1;
        }

        @Override
        public Operand<TFloat32> sum(Ops tf, Operand<TFloat32> x) {
          return x;
        }
      };

  /** How many train together; at least 1. */
  int workers();

  /**
   * The sum of the workers' values of a tensor, the same on all of them to the bit. It can't be
   * part of a program of XLA's if there are several.
   *
   * @param tf where the operation goes
   * @param x of one shape on all workers
   * @return of the shape of {@code x}
   */
  Operand<TFloat32> sum(Ops tf, Operand<TFloat32> x);
}
