package dev.atrous.runtime.tensorflow;

import dev.atrous.runtime.AtrousException;
import java.util.Optional;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.OptimizerOptions;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.proto.ThreadPoolOptionProto;

/** Where a graph runs. */
public enum Device {
  /** A GPU if TensorFlow finds one, otherwise the CPU. */
  AUTO,
  /** The CPU. */
  CPU,
  /** A GPU, or an error if there is none. */
  GPU;

  /** The end of a message about a device that is not there. */
  public static final String SEE_DOCTOR = " The command doctor shows what this machine offers.";

  /**
   * The device to use: {@link #CPU} or {@link #GPU}. Where this is {@link #AUTO}, the library is
   * built for GPUs and none can be used, a warning in the log says why.
   *
   * @throws AtrousException if this is {@link #GPU} and none can be used; the message says why and
   *     what to do
   */
  public Device resolve() {
    NativeLibrary.load();
    if (this == CPU) {
      return CPU;
    }
    Optional<String> problem = Gpu.problem();
    if (this == GPU && problem.isPresent()) {
      throw new AtrousException(
          "The device is gpu, and there is none. "
              + problem.get()
              + " Or choose the device cpu."
              + SEE_DOCTOR);
    }
    if (problem.isPresent()) {
      Gpu.warn();
      return CPU;
    }
    return GPU;
  }

  /**
   * A session's configuration for this device.
   *
   * @param threads of an operation on the CPU; 0 for one per core. With 1, sums have one order and
   *     runs repeat to the bit.
   */
  public ConfigProto config(int threads) {
    ConfigProto.Builder config = devices().setIntraOpParallelismThreads(threads);
    if (this == CPU) {
      // It takes seconds for the graph of a training step, and the step is not faster for it.
      config.getGraphOptionsBuilder().getRewriteOptionsBuilder().setDisableMetaOptimizer(true);
      config
          .getGraphOptionsBuilder()
          .getOptimizerOptionsBuilder()
          .setOptLevel(OptimizerOptions.Level.L0);
      // An operation has all cores to itself: two at a time get in each other's way.
      config.addSessionInterOpThreadPool(pool(1));
      config.addSessionInterOpThreadPool(
          pool(threads > 0 ? threads : Runtime.getRuntime().availableProcessors()));
    }
    return config.build();
  }

  private static ThreadPoolOptionProto pool(int threads) {
    return ThreadPoolOptionProto.newBuilder().setNumThreads(threads).build();
  }

  /**
   * A session on this device.
   *
   * @param config {@link #config} of this device
   */
  public Session open(Graph graph, ConfigProto config) {
    Session[] session = new Session[1];
    if (this == CPU) {
      session[0] = new Session(graph, config);
    } else { // tells of the GPU each time
      NativeLibrary.withoutChatter(() -> session[0] = new Session(graph, config));
    }
    return session[0];
  }

  /** Where operations go that are made with the result: to the first GPU, or where they can. */
  public Ops place(Ops tf) {
    return this == GPU
        ? tf.withDevice(
            DeviceSpec.newBuilder().deviceType(DeviceSpec.DeviceType.GPU).deviceIndex(0).build())
        : tf;
  }

  /**
   * How to run many small operations that do not need each other, in a session with this device's
   * configuration: several at a time.
   */
  public RunOptions sideBySide() {
    return RunOptions.newBuilder().setInterOpThreadPool(this == CPU ? 1 : 0).build();
  }

  /**
   * For a CPU, no GPU is opened. On a GPU, the first one is, with memory as it is needed;
   * operations that have no kernel there run on the CPU.
   */
  ConfigProto.Builder devices() {
    ConfigProto.Builder config = ConfigProto.newBuilder().setAllowSoftPlacement(true);
    return this == CPU
        ? config.putDeviceCount("GPU", 0)
        : config.setGpuOptions(
            GPUOptions.newBuilder().setAllowGrowth(true).setVisibleDeviceList("0"));
  }
}
