package dev.atrous.runtime.op;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Operand;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;

/**
 * Workers that are devices of one process, in one graph, and exchange sums by TensorFlow's
 * collective operations.
 */
final class WorkersOfOneProcess {
  private static final int GROUP = 1;

  private final int count;

  WorkersOfOneProcess(int count) {
    this.count = count;
  }

  /** A session's configuration with a device for each. */
  ConfigProto config(ConfigProto ofOne) {
    return ofOne.toBuilder().putDeviceCount("CPU", count).build();
  }

  /** Where the operations of a worker go. */
  Ops ops(Ops tf, int rank) {
    return tf.withSubScope("worker" + rank)
        .withDevice(
            DeviceSpec.newBuilder()
                .deviceType(DeviceSpec.DeviceType.CPU)
                .deviceIndex(rank)
                .build());
  }

  /** The sums of one of them; each counts the sums that it is asked for. */
  WorkerSums sums() {
    List<Output<TFloat32>> asked = new ArrayList<>();
    return new WorkerSums() {
      @Override
      public int workers() {
        return count;
      }

      @Override
      public Operand<TFloat32> sum(Ops tf, Operand<TFloat32> x) {
        OperationBuilder sum = tf.scope().opBuilder("CollectiveReduceV2", "CollectiveReduceV2");
        sum.addInput(x.asOutput());
        for (int key : new int[] {count, GROUP, asked.size()}) {
          sum.addInput(tf.constant(key).asOutput());
        }
        sum.addInputList(new Output<?>[0])
            .setAttr("merge_op", "Add")
            .setAttr("final_op", "Id")
            .setAttr("communication_hint", "auto")
            .setAttr("timeout_seconds", 20f);
        asked.add(sum.build().output(0));
        return asked.get(asked.size() - 1);
      }
    };
  }
}
