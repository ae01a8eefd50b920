package dev.atrous.runtime.tensorflow;

import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * NVIDIA's driver and its GPUs, asked before TensorFlow is: TensorFlow says little about a driver
 * that it can't use, and ends the process if its GPU is taken.
 */
public final class CudaDriver {
  private static final String LIBRARY = "libcuda.so.1";
  private static final Path KERNEL_MODULE = Path.of("/proc/driver/nvidia/version");
  private static final Pattern VERSION = Pattern.compile("\\b\\d{3}\\.\\d+(\\.\\d+)?\\b");

  /** CUDA 12.0, whose driver runs programs of every CUDA 12. */
  private static final int OLDEST = 12_000;

  /** The compute capability from which GPUs have units for bfloat16. */
  private static final int FIRST_WITH_BFLOAT16 = 8;

  private static final int MAJOR_CAPABILITY = 75;
  private static final int MINOR_CAPABILITY = 76;

  private final @Nullable SharedLibrary library;
  private final int cudaVersion;
  private final List<Gpu> gpus;
  private final @Nullable String problem;

  /**
   * A GPU.
   *
   * @param name of its model
   * @param capability its compute capability, for example {@code 9.0}
   * @param memory in bytes
   */
  public record Gpu(String name, String capability, long memory) {}

  private CudaDriver(
      @Nullable SharedLibrary library, int cudaVersion, List<Gpu> gpus, @Nullable String problem) {
    this.library = library;
    this.cudaVersion = cudaVersion;
    this.gpus = gpus;
    this.problem = problem;
  }

  /** Asks the driver; that there is none is a {@link #problem}. */
  public static CudaDriver find() {
    SharedLibrary library;
    try {
      library = SharedLibrary.open(LIBRARY);
    } catch (LinkageError e) {
      return lacking(null, 0, missing(String.valueOf(e.getMessage())));
    }
    try {
      int version = number(library, "cuDriverGetVersion");
      int result = library.call("cuInit", 0);
      if (result != 0) {
        return lacking(library, version, notStarted(result, errorName(library, result)));
      }
      if (version < OLDEST) {
        return lacking(library, version, tooOld(version));
      }
      List<Gpu> gpus = gpus(library);
      return gpus.isEmpty()
          ? lacking(library, version, noGpu())
          : new CudaDriver(library, version, gpus, null);
    } catch (LinkageError e) {
      return lacking(library, 0, "The NVIDIA driver can't be used: " + e.getMessage() + ".");
    }
  }

  private static CudaDriver lacking(@Nullable SharedLibrary library, int version, String problem) {
    return new CudaDriver(library, version, List.of(), problem);
  }

  private static List<Gpu> gpus(SharedLibrary library) {
    List<Gpu> gpus = new ArrayList<>();
    int count = number(library, "cuDeviceGetCount");
    for (int device = 0; device < count; device++) {
      byte[] name = new byte[256];
      library.call("cuDeviceGetName", name, name.length, device);
      LongByReference memory = new LongByReference();
      library.call("cuDeviceTotalMem_v2", memory, device);
      gpus.add(
          new Gpu(
              Native.toString(name, StandardCharsets.UTF_8),
              attribute(library, MAJOR_CAPABILITY, device)
                  + "."
                  + attribute(library, MINOR_CAPABILITY, device),
              memory.getValue()));
    }
    return gpus;
  }

  private static int attribute(SharedLibrary library, int attribute, int device) {
    IntByReference value = new IntByReference();
    library.call("cuDeviceGetAttribute", value, attribute, device);
    return value.getValue();
  }

  private static int number(SharedLibrary library, String function) {
    IntByReference value = new IntByReference();
    library.call(function, value);
    return value.getValue();
  }

  private static String errorName(SharedLibrary library, int result) {
    PointerByReference name = new PointerByReference();
    boolean known = library.call("cuGetErrorName", result, name) == 0 && name.getValue() != null;
    return known ? name.getValue().getString(0) : "error " + result;
  }

  /** Why no GPU can be used, and what to do, in a sentence or two; empty if one can. */
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /** Whether its first GPU has units that multiply matrices of bfloat16. */
  boolean multipliesBfloat16() {
    return !gpus().isEmpty() && multipliesBfloat16(gpus().get(0).capability());
  }

  /**
   * @param capability for example {@code 9.0}
   */
  static boolean multipliesBfloat16(String capability) {
    return Integer.parseInt(capability.substring(0, capability.indexOf('.')))
        >= FIRST_WITH_BFLOAT16;
  }

  /** The GPUs that this process may use, the first one first. */
  public List<Gpu> gpus() {
    return gpus;
  }

  /** The newest CUDA that the driver is for, like {@code 12.6}; empty without a driver. */
  public Optional<String> cudaVersion() {
    return cudaVersion == 0 ? Optional.empty() : Optional.of(version(cudaVersion));
  }

  /** The version of its kernel module, like {@code 580.65.06}; empty if none is loaded. */
  public static Optional<String> kernelModule() {
    try {
      Matcher version = VERSION.matcher(Files.readString(KERNEL_MODULE));
      return version.find() ? Optional.of(version.group()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Takes the first GPU for this process, as TensorFlow will: it then is there for both.
   *
   * @return why it can't be had, and what to do; empty if this process has it
   */
  Optional<String> take() {
    if (library == null || gpus.isEmpty()) {
      return problem();
    }
    int result = library.call("cuDevicePrimaryCtxRetain", new PointerByReference(), 0);
    return result == 0
        ? Optional.empty()
        : Optional.of(notTaken(gpus.get(0).name(), result, errorName(library, result)));
  }

  static String version(int number) {
    return number / 1000 + "." + number % 1000 / 10;
  }

  private static String missing(String reason) {
    return "There is no NVIDIA driver that this process can open ("
        + reason
        + "). Install it, version 525 or newer; a container has to be started with its GPUs (for"
        + " example docker run --gpus all).";
  }

  static String tooOld(int version) {
    return "The NVIDIA driver is for CUDA "
        + version(version)
        + ", and TensorFlow needs CUDA 12. Install driver 525 or newer.";
  }

  private static String noGpu() {
    String visible = System.getenv("CUDA_VISIBLE_DEVICES");
    return visible == null
        ? "The NVIDIA driver finds no GPU. Is one in this machine (nvidia-smi), and was this"
            + " container started with it?"
        : "CUDA_VISIBLE_DEVICES='"
            + visible
            + "' leaves no GPU to this process. Unset it, or set it to 0.";
  }

  /** What it means that {@code cuInit} returned an error. */
  static String notStarted(int result, String name) {
    return switch (result) {
      case 34 ->
          "The "
              + LIBRARY
              + " that is found is CUDA's stub for linking, not the driver. Take the folder 'stubs'"
              + " off LD_LIBRARY_PATH.";
      case 100 -> noGpu();
      case 803 ->
          "The NVIDIA driver's library and its kernel module are of different versions ("
              + name
              + "), as after an update. Restart the machine; in a container, use the host's"
              + " driver library.";
      default ->
          "The NVIDIA driver does not start ("
              + name
              + "). See whether nvidia-smi works; if not, restart the machine or install the"
              + " driver again.";
    };
  }

  /** What it means that the first GPU can't be taken. */
  static String notTaken(String gpu, int result, String name) {
    String reason =
        switch (result) {
          case 2 -> "has no memory left: other processes use it";
          case 46, 201, 216 -> "is taken by another process, and lets only one compute";
          default -> "can't be used";
        };
    return "The GPU ("
        + gpu
        + ") "
        + reason
        + " ("
        + name
        + "). nvidia-smi shows its processes; end them, or choose another GPU, for example with"
        + " CUDA_VISIBLE_DEVICES=1.";
  }
}
