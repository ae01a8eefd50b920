package dev.atrous.runtime;

import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.RewriterConfig;

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
    return config(threads, Precision.FLOAT32);
  }

  /**
   * {@link #config(int)} with a choice of precision.
   *
   * @param precision on the CPU; TensorFlow rewrites the graph of the session for it
   */
  public ConfigProto config(int threads, Precision precision) {
    ConfigProto.Builder config =
        growingMemory().setIntraOpParallelismThreads(threads).setUsePerSessionThreads(true);
    if (this == CPU) {
      config.putDeviceCount("GPU", 0);
      // An operation has all cores to itself: two at a time get in each other's way.
      config.setInterOpParallelismThreads(1);
    }
    if (precision == Precision.BFLOAT16) {
      config
          .getGraphOptionsBuilder()
          .getRewriteOptionsBuilder()
          .setAutoMixedPrecisionOnednnBfloat16(RewriterConfig.Toggle.ON);
    }
    return config.build();
  }

  /**
   * {@link #config(int)} for a graph that is to run as it is: TensorFlow does not rewrite it, which
   * takes longer than a small graph itself.
   */
  public ConfigProto configAsIs(int threads) {
    ConfigProto.Builder config = config(threads).toBuilder();
    config.getGraphOptionsBuilder().getRewriteOptionsBuilder().setDisableMetaOptimizer(true);
    return config.build();
  }

  /** On a GPU, memory as it is needed; operations that have no kernel there run on the CPU. */
  static ConfigProto.Builder growingMemory() {
    return ConfigProto.newBuilder()
        .setAllowSoftPlacement(true)
        .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true));
  }
}
