package dev.atrous.runtime.op;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Sums over the workers that train a model together, each with crops of its own. */
public interface WorkerSums {
  /** Elements of gradients that are sent as one, unless one tensor alone has more: 16 MiB. */
  int BUCKET = 4 << 20;

  /** One worker: a sum is what it has. */
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

  /** How many there are, at least 1. */
  int workers();

  /**
   * The sum of what the workers have. Every worker builds the same sums in the same order; each
   * gets the same values, to the bit.
   *
   * @param tf where the operation goes
   * @param x of the same shape on all workers
   * @return of the shape of {@code x}
   */
  Operand<TFloat32> sum(Ops tf, Operand<TFloat32> x);

  /**
   * The sum of gradients, which may be sent with fewer bits than {@link #sum} sends.
   *
   * @param x as for {@link #sum}
   */
  default Operand<TFloat32> sumOfGradients(Ops tf, Operand<TFloat32> x) {
    return sum(tf, x);
  }
}
