package dev.atrous.runtime.tensorflow;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether TensorFlow can compute on a GPU of this machine. Found out once in a process. */
final class Gpu {
  private static final Logger log = LoggerFactory.getLogger(Gpu.class);
  private static boolean asked;
  private static boolean warned;
  private static Optional<String> problem = Optional.empty();

  private Gpu() {}

  /** Why there is no GPU to compute on, and what to do, in sentences; empty if there is one. */
  static synchronized Optional<String> problem() {
    if (!asked) {
      problem = find();
      asked = true;
    }
    return problem;
  }

  /** Tells once in a process why the CPU computes, unless the library is one for CPUs. */
  static synchronized void warn() {
    if (!warned && problem().isPresent() && NativeLibrary.isForGpu()) {
      log.warn("the CPU computes. {}", problem.get());
      warned = true;
    }
  }

  private static Optional<String> find() {
    if (!NativeLibrary.isForGpu()) {
      return Optional.of(
          "The TensorFlow library on the class path is built for CPUs. On Linux x86_64, use the"
              + " classifier linux-x86_64-gpu of tensorflow-core-native, and org.bytedeco:cuda for"
              + " CUDA itself (in this build: -Pgpu).");
    }
    return CudaDriver.find().take().or(Gpu::libraries).or(Gpu::started);
  }

  private static Optional<String> libraries() {
    try {
      return missing(CudaLibraries.openAll());
    } catch (IOException | LinkageError e) {
      return Optional.of("CUDA's libraries of the class path can't be used: " + e.getMessage());
    }
  }

  static Optional<String> missing(List<CudaLibraries.Found> libraries) {
    if (CudaLibraries.isComplete(libraries)) {
      return Optional.empty();
    }
    String problems =
        libraries.stream()
            .flatMap(library -> Optional.ofNullable(library.problem()).stream())
            .collect(Collectors.joining("; "));
    return Optional.of(
        "TensorFlow lacks libraries of CUDA 12 and cuDNN 9: "
            + problems
            + ". Add org.bytedeco:cuda:12.6-9.5-1.5.11:linux-x86_64-redist to the run-time class"
            + " path, or install CUDA 12 and cuDNN 9.3 or newer.");
  }

  /**
   * Whether TensorFlow takes the GPU and computes there, which starts cuDNN: so that what prevents
   * it is known before any work, and its greetings are over.
   */
  private static Optional<String> started() {
    try {
      if (!NativeLibrary.deviceTypes().contains("GPU")) {
        return Optional.of(
            "TensorFlow does not take the GPU: it may be too old for this library. Start with -D"
                + NativeLibrary.VERBOSE_PROPERTY
                + "=true to see what TensorFlow says.");
      }
      NativeLibrary.withoutChatter(() -> SmallStep.compute(Device.GPU));
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(
          "TensorFlow can't use the GPU: %s. %s"
              .formatted(e.getMessage(), TensorFlowFailure.kind(e).explanation())
              .strip());
    }
  }
}
