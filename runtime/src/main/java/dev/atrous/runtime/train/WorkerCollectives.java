package dev.atrous.runtime.train;

import dev.atrous.runtime.op.WorkerSums;
import dev.atrous.runtime.tensorflow.WorkerGroup;
import dev.atrous.runtime.tensorflow.WorkerServer;
import java.util.concurrent.atomic.AtomicInteger;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/** Sums over workers by TensorFlow's collective operations, in graphs of their servers. */
final class WorkerCollectives implements WorkerSums {
  private static final int GROUP = 1;

  /** Sums of this process, of all graphs: workers find each other's by their numbers. */
  private static final AtomicInteger SUMS = new AtomicInteger();

  private final WorkerGroup group;
  private final Class<? extends TFloating> wire;

  /** That send all numbers as they are. */
  WorkerCollectives(WorkerGroup group) {
    this(group, Wire.FLOAT32);
  }

  /**
   * @param wire what gradients are sent in
   */
  WorkerCollectives(WorkerGroup group, Wire wire) {
    this.group = group;
    this.wire = wire.numbers();
  }

  @Override
  public int workers() {
    return group.size();
  }

  /**
   * The typed operation of TensorFlow Java, {@code collectiveReduce}, ends the process. The
   * operation's own limit of time is not set: it is a thread that sleeps as long, for each sum of
   * each step. {@link WorkerServer#limit} limits the run of the graph.
   */
  @Override
  public Operand<TFloat32> sum(Ops tf, Operand<TFloat32> x) {
    return reduced(tf, x);
  }

  @Override
  public Operand<TFloat32> sumOfGradients(Ops tf, Operand<TFloat32> x) {
    return wire == TFloat32.class
        ? reduced(tf, x)
        : tf.dtypes.cast(reduced(tf, tf.dtypes.cast(x, wire)), TFloat32.class);
  }

  private <T extends TFloating> Operand<T> reduced(Ops tf, Operand<T> x) {
    int number = SUMS.incrementAndGet();
    return tf.scope()
        .opBuilder("CollectiveReduceV2", "sum" + number)
        .addInput(x.asOutput())
        .addInput(tf.constant(group.size()).asOutput())
        .addInput(tf.constant(GROUP).asOutput())
        .addInput(tf.constant(number).asOutput())
        .addInputList(new Output<?>[0])
        .setAttr("T", x.asOutput().dataType())
        .setAttr("merge_op", "Add")
        .setAttr("final_op", "Id")
        .setAttr("communication_hint", "auto")
        .build()
        .output(0);
  }
}
