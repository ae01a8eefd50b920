package dev.atrous.runtime.tensorflow;

import dev.atrous.runtime.AtrousException;
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

  /**
   * The device to use: {@link #CPU} or {@link #GPU}.
   *
   * @throws AtrousException if this is {@link #GPU} and TensorFlow does not find one; the message
   *     says whether the library or the machine is the reason
   */
  public Device resolve() {
    NativeLibrary.load();
    if (this == CPU) {
      return CPU;
    }
    boolean gpu = NativeLibrary.deviceTypes().contains("GPU");
    if (this == GPU && !gpu) {
      throw new AtrousException(noGpu());
    }
    return gpu ? GPU : CPU;
  }

  private static String noGpu() {
    return NativeLibrary.isBuiltForGpu()
        ? "The device is gpu, but TensorFlow finds no usable GPU. It needs an NVIDIA GPU with its"
            + " driver, CUDA 12 and cuDNN 9 on the library path. Start with"
            + " -Datrous.verbose=true to see what TensorFlow misses, or choose the device cpu."
        : "The device is gpu, but the TensorFlow library on the class path is built for CPUs. On"
            + " Linux x86_64, use the classifier linux-x86_64-gpu of tensorflow-core-native (in"
            + " this build: -Pgpu), with CUDA 12 and cuDNN 9 installed; or choose the device cpu.";
  }

  /**
   * A session's configuration for this device.
   *
   * @param threads of an operation on the CPU; 0 for one per core. With 1, sums have one order and
   *     runs repeat to the bit.
   */
  public ConfigProto config(int threads) {
    ConfigProto.Builder config = growingMemory().setIntraOpParallelismThreads(threads);
    if (this == CPU) {
      // It takes seconds for the graph of a training step, and the step is not faster for it.
      config.getGraphOptionsBuilder().getRewriteOptionsBuilder().setDisableMetaOptimizer(true);
      config
          .getGraphOptionsBuilder()
          .getOptimizerOptionsBuilder()
          .setOptLevel(OptimizerOptions.Level.L0);
      config.putDeviceCount("GPU", 0);
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
   * How to run many small operations that do not need each other, in a session with this device's
   * configuration: several at a time.
   */
  public RunOptions sideBySide() {
    return RunOptions.newBuilder().setInterOpThreadPool(this == CPU ? 1 : 0).build();
  }

  /** On a GPU, memory as it is needed; operations that have no kernel there run on the CPU. */
  static ConfigProto.Builder growingMemory() {
    return ConfigProto.newBuilder()
        .setAllowSoftPlacement(true)
        .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true));
  }
}
