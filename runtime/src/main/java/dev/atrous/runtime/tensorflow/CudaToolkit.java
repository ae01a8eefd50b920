package dev.atrous.runtime.tensorflow;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What XLA needs of an installed CUDA to compile for a GPU, in no library and no Maven artifact:
 * the functions of {@code libdevice} always, and the assembler {@code ptxas} if the driver is not
 * to do its work.
 */
public final class CudaToolkit {
  private static final Path LIBDEVICE = Path.of("nvvm", "libdevice", "libdevice.10.bc");

  private final List<Path> places;
  private final List<Path> programs;

  /**
   * @param places folders that may be an installation of CUDA, the best first
   * @param programs folders of {@code PATH}
   */
  CudaToolkit(List<Path> places, List<Path> programs) {
    this.places = places;
    this.programs = programs;
  }

  /** That of this machine, as far as it is found. */
  public static CudaToolkit find() {
    return of(System.getenv(), XlaFlags.value(XlaFlags.CUDA_FOLDER).orElse(null));
  }

  /**
   * @param chosen by the user for XLA; null for none
   */
  static CudaToolkit of(Map<String, String> environment, @Nullable String chosen) {
    List<Path> programs = new ArrayList<>();
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      add(programs, folder);
    }
    Set<Path> places = new LinkedHashSet<>();
    add(places, chosen);
    for (String variable : List.of("CUDA_HOME", "CUDA_PATH", "CONDA_PREFIX")) {
      add(places, environment.get(variable));
    }
    for (Path folder : programs) {
      assembler(folder).map(Path::getParent).map(Path::getParent).ifPresent(places::add);
    }
    List.of("/usr/local/cuda", "/opt/cuda", "/usr/lib/cuda", "/usr/lib/nvidia-cuda-toolkit")
        .forEach(folder -> add(places, folder));
    places.addAll(versions(Path.of("/usr/local")));
    return new CudaToolkit(List.copyOf(places), programs);
  }

  private static void add(Collection<Path> folders, @Nullable String folder) {
    if (folder != null && !folder.isEmpty()) {
      try {
        folders.add(Path.of(folder));
      } catch (InvalidPathException e) {
        // nothing is found there
      }
    }
  }

  /** {@code cuda-12.6} and the like, the newest first. */
  private static List<Path> versions(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith("cuda-"))
          .sorted(Comparator.reverseOrder())
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The installation that has {@code libdevice}; empty if none does. */
  Optional<Path> folder() {
    return places.stream().filter(place -> Files.isReadable(place.resolve(LIBDEVICE))).findFirst();
  }

  /** The file of {@code libdevice}. */
  public Optional<Path> libdevice() {
    return folder().map(folder -> folder.resolve(LIBDEVICE));
  }

  /** The assembler, where XLA looks for it: in that installation, or else in {@code PATH}. */
  public Optional<Path> ptxas() {
    return Stream.concat(folder().map(f -> f.resolve("bin")).stream(), programs.stream())
        .flatMap(folder -> assembler(folder).stream())
        .findFirst();
  }

  private static Optional<Path> assembler(Path folder) {
    Path file = folder.resolve("ptxas");
    return Files.isExecutable(file) ? Optional.of(file) : Optional.empty();
  }

  /** Why XLA can't compile for a GPU, and what to do; empty if it can. */
  public Optional<String> problem() {
    return libdevice().isPresent()
        ? Optional.empty()
        : Optional.of(
            "XLA can't compile for a GPU without "
                + LIBDEVICE.getFileName()
                + " of an installed CUDA, and there is none. Install the compiler of CUDA 12 (in"
                + " NVIDIA's package repositories cuda-nvcc-12-6; nvidia-cuda-nvcc-cu12 of pip is"
                + " enough), and name the folder that has nvvm/libdevice with CUDA_HOME; or choose"
                + " XLA off.");
  }
}
