package dev.atrous.runtime.doctor;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.tensorflow.CudaDriver;
import dev.atrous.runtime.tensorflow.CudaLibraries;
import dev.atrous.runtime.tensorflow.Device;
import dev.atrous.runtime.tensorflow.NativeFolder;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import dev.atrous.runtime.tensorflow.SmallStep;
import dev.atrous.runtime.tensorflow.Xla;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Tries the native code that a training runs: driver, CUDA's libraries, TensorFlow, a step. That
 * can end the process or hang, so it is the main class of a process of its own; its standard output
 * has a line for each finding.
 */
final class Probe {
  /** The area of what TensorFlow says. */
  static final String TENSORFLOW = "TensorFlow";

  /** The name of the last finding: the device that a step was computed on. */
  static final String STEP = "a small step";

  private static final String GPU = "GPU";
  private static final String CUDA = "CUDA";

  private final Device device;
  private final Consumer<Finding> found;

  /**
   * @param device that a training is to start on
   */
  Probe(Device device, Consumer<Finding> found) {
    this.device = device;
    this.found = found;
  }

  /**
   * @param arguments the name of the {@link Device}
   */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    new Probe(Device.valueOf(arguments[0]), finding -> out.println(finding.encode())).run();
    out.flush();
    Runtime.getRuntime().halt(0); // whatever threads native code has left
  }

  void run() {
    boolean driver = driver();
    if (NativeLibrary.isForGpu()) {
      libraries(driver);
    }
    if (tensorflow()) {
      step();
    }
  }

  /** Whether there is one that can be used. */
  private boolean driver() {
    CudaDriver driver = CudaDriver.find();
    String version =
        CudaDriver.kernelModule().orElse("no kernel module")
            + driver.cudaVersion().map(cuda -> ", for CUDA " + cuda).orElse(", no library");
    Optional<String> problem = driver.problem();
    if (problem.isPresent()) {
      found.accept(
          new Finding(
              GPU,
              "driver",
              device == Device.GPU ? Finding.State.PROBLEM : Finding.State.MISSING,
              version,
              NativeLibrary.isForGpu() || device == Device.GPU ? problem.get() : ""));
      return false;
    }
    found.accept(Finding.ok(GPU, "driver", version));
    List<CudaDriver.Gpu> gpus = driver.gpus();
    for (int i = 0; i < gpus.size(); i++) {
      CudaDriver.Gpu gpu = gpus.get(i);
      found.accept(
          Finding.ok(
              GPU,
              "GPU " + i,
              "%s, %s, compute capability %s"
                  .formatted(gpu.name(), NativeFolder.size(gpu.memory()), gpu.capability())));
    }
    return true;
  }

  /**
   * @param driver whether there is one. Without it and for a CPU, nothing is unpacked.
   */
  private void libraries(boolean driver) {
    try {
      boolean unpack = driver && device != Device.CPU;
      for (CudaLibraries.Found library :
          unpack ? CudaLibraries.openAll() : CudaLibraries.installed()) {
        String problem = library.problem();
        if (problem == null) {
          String version = library.version().isEmpty() ? "" : library.version() + ", ";
          found.accept(Finding.ok(CUDA, library.name(), version + library.path()));
        } else {
          String reason = unpack || !CudaLibraries.areOnClassPath() ? problem : "on the class path";
          found.accept(Finding.missing(CUDA, library.name(), reason, ""));
        }
      }
    } catch (IOException | LinkageError e) {
      found.accept(
          Finding.missing(CUDA, "libraries of the class path", String.valueOf(e.getMessage()), ""));
    }
  }

  /** Whether it can be loaded. */
  private boolean tensorflow() {
    try {
      NativeLibrary.load();
      found.accept(
          Finding.ok(
              TENSORFLOW,
              "native library",
              "%s, for %s, %s"
                  .formatted(
                      NativeLibrary.libraryVersion(),
                      NativeLibrary.isForGpu() ? "GPUs" : "CPUs",
                      NativeLibrary.path())));
      return true;
    } catch (RuntimeException | LinkageError e) {
      found.accept(
          Finding.problem(
              TENSORFLOW,
              "native library",
              NativeLibrary.isOnClassPath() ? "does not load" : "none on the class path",
              message(e)));
      return false;
    }
  }

  private void step() {
    try {
      Device used = device.resolve();
      boolean xla = used == Device.GPU && Xla.problem(used).isEmpty();
      if (xla) {
        Xla.load(used);
      }
      SmallStep.compute(used);
      String on = used == Device.GPU ? xla ? "gpu, with XLA" : "gpu, without XLA" : "cpu";
      found.accept(Finding.ok(TENSORFLOW, STEP, "computed on the " + on));
    } catch (RuntimeException | LinkageError e) {
      found.accept(Finding.problem(TENSORFLOW, STEP, "not computed", message(e)));
    }
  }

  private static String message(Throwable thrown) {
    return thrown instanceof AtrousException
        ? String.valueOf(thrown.getMessage()).replace(Device.SEE_DOCTOR, "")
        : thrown + ".";
  }
}
