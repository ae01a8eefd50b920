package dev.atrous.runtime.tensorflow;

import com.sun.jna.ptr.IntByReference;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The libraries of CUDA 12 that TensorFlow opens by their names at its first use of a GPU: all of
 * them or no GPU. Those that are installed are used if they are complete. Otherwise those of the
 * class path are ({@code org.bytedeco:cuda}, classifier {@code linux-x86_64-redist}): unpacked into
 * JavaCPP's cache once, and opened before TensorFlow looks for them.
 */
public final class CudaLibraries {
  private static final Logger log = LoggerFactory.getLogger(CudaLibraries.class);
  private static final String FOLDER = "/org/bytedeco/cuda/linux-x86_64/";
  private static final String RUNTIME = "libcudart.so.12";
  private static final String CUDNN = "libcudnn.so.9";

  /** TensorFlow was compiled with cuDNN 9.3 and refuses an older one. */
  private static final int OLDEST_CUDNN = 3;

  /** The libraries that TensorFlow opens, and what tells their versions. */
  private static final Map<String, String> NEEDED = new LinkedHashMap<>();

  static {
    NEEDED.put(RUNTIME, "cudaRuntimeGetVersion");
    NEEDED.put("libcublasLt.so.12", "cublasLtGetProperty");
    NEEDED.put("libcublas.so.12", "cublasGetProperty");
    NEEDED.put("libcufft.so.11", "cufftGetProperty");
    NEEDED.put("libcusparse.so.12", "cusparseGetProperty");
    NEEDED.put("libcusolver.so.11", "cusolverGetProperty");
    NEEDED.put(CUDNN, "cudnnGetProperty");
  }

  /** Those, and what they open in turn from where they lie themselves. */
  private static final Pattern UNPACKED =
      Pattern.compile(
          "lib(cudart|cublasLt|cublas|cufft|cusparse|cusolver|nvJitLink|cudnn\\w*|nvrtc[\\w-]*|cupti)"
              + "\\.so\\.[\\d.]+");

  /** Where the libraries come from; null until that is decided. */
  private static @Nullable Source source;

  private enum Source {
    INSTALLED,
    CLASS_PATH
  }

  /**
   * A library that TensorFlow needs.
   *
   * @param name for example {@code libcudnn.so.9}
   * @param version empty if it is missing, or does not tell
   * @param path null if it is missing
   * @param problem why it can't be used; null if it can
   */
  public record Found(String name, String version, @Nullable Path path, @Nullable String problem) {}

  private CudaLibraries() {}

  /** Whether the class path has libraries of CUDA. */
  public static boolean areOnClassPath() {
    return resource(RUNTIME) != null;
  }

  private static @Nullable URL resource(String name) {
    return CudaLibraries.class.getResource(FOLDER + name);
  }

  /** Those that are installed, whether or not they are used: each with where it is or why not. */
  public static synchronized List<Found> installed() {
    return open(List.copyOf(NEEDED.keySet()));
  }

  /**
   * Opens the one library that TensorFlow looks for when it is loaded itself. To be called before
   * that.
   *
   * @throws LinkageError if it can't be opened
   * @throws IOException if it can't be unpacked
   */
  static synchronized void openRuntime() throws IOException {
    URL runtime = resource(RUNTIME);
    if (runtime == null) {
      source = Source.INSTALLED; // whatever there is: TensorFlow finds it by itself
    } else if (source == null) {
      source = isComplete(installed()) ? Source.INSTALLED : null;
      if (source == null) {
        SharedLibrary.open(unpacked(runtime).toString());
        source = Source.CLASS_PATH;
      }
    }
  }

  /**
   * Opens the others. To be called before TensorFlow's first use of a GPU.
   *
   * @return what TensorFlow needs, each with where it was found or why not
   * @throws LinkageError if one of the class path can't be opened
   * @throws IOException if one can't be unpacked
   */
  public static synchronized List<Found> openAll() throws IOException {
    openRuntime();
    if (source == Source.CLASS_PATH) {
      unpackAll();
      for (String name : inOrder()) {
        SharedLibrary.open(unpacked(resourceOf(name)).toString());
      }
    }
    return open(List.copyOf(NEEDED.keySet()));
  }

  /** So that each finds those that it needs: {@code libcusparse} has {@code libnvJitLink}. */
  private static List<String> inOrder() {
    List<String> names = new ArrayList<>(NEEDED.keySet());
    names.add(names.indexOf("libcusparse.so.12"), "libnvJitLink.so.12");
    return names;
  }

  private static URL resourceOf(String name) throws IOException {
    URL url = resource(name);
    if (url == null) {
      throw new IOException("the class path has " + RUNTIME + ", but not " + name);
    }
    return url;
  }

  private static Path unpacked(URL url) throws IOException {
    // A folder on the class path needs no unpacking.
    return "file".equals(url.getProtocol())
        ? Path.of(URI.create(url.toString()))
        : Loader.cacheResource(url).toPath();
  }

  /** Unpacks what is not yet in the cache, if there is room for it. */
  private static void unpackAll() throws IOException {
    URL runtime = resourceOf(RUNTIME);
    if (!(runtime.openConnection() instanceof JarURLConnection connection)) {
      return;
    }
    NativeFolder cache = NativeFolder.cache();
    long bytes = cache.toUnpack(runtime, name -> UNPACKED.matcher(name).matches());
    if (bytes > 0) {
      Optional<String> problem = cache.problem(bytes);
      if (problem.isPresent()) {
        throw new IOException(problem.get());
      }
      log.info(
          "unpacking CUDA's libraries, once: {} to {}", NativeFolder.size(bytes), cache.path());
    }
    for (JarEntry entry : Collections.list(connection.getJarFile().entries())) {
      String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
      if (("/" + entry.getName()).equals(FOLDER + name) && UNPACKED.matcher(name).matches()) {
        Loader.cacheResource(resourceOf(name));
      }
    }
  }

  /** Opens libraries by their names; those that are found remain open if all are. */
  private static List<Found> open(List<String> names) {
    List<Found> all = new ArrayList<>();
    List<SharedLibrary> opened = new ArrayList<>();
    for (String name : names) {
      try {
        SharedLibrary library = SharedLibrary.open(name);
        opened.add(library);
        all.add(found(name, library));
      } catch (LinkageError e) {
        all.add(new Found(name, "", null, String.valueOf(e.getMessage())));
      }
    }
    if (!isComplete(all)) {
      opened.forEach(SharedLibrary::close); // those of the class path have the same names
    }
    return all;
  }

  static boolean isComplete(List<Found> libraries) {
    return libraries.stream().allMatch(library -> library.problem() == null);
  }

  private static Found found(String name, SharedLibrary library) {
    List<Integer> version = version(name, library);
    String text = String.join(".", version.stream().map(String::valueOf).toList());
    boolean tooOld = name.equals(CUDNN) && version.size() > 1 && version.get(1) < OLDEST_CUDNN;
    return new Found(
        name,
        text,
        library.path(),
        tooOld ? "it is cuDNN " + text + ", and TensorFlow needs 9." + OLDEST_CUDNN : null);
  }

  private static List<Integer> version(String name, SharedLibrary library) {
    String function = String.valueOf(NEEDED.get(name));
    try {
      if (name.equals(RUNTIME)) {
        IntByReference version = new IntByReference();
        library.call(function, version);
        return List.of(version.getValue() / 1000, version.getValue() % 1000 / 10);
      }
      List<Integer> parts = new ArrayList<>();
      for (int part = 0; part < 3; part++) {
        IntByReference value = new IntByReference();
        library.call(function, part, value);
        parts.add(value.getValue());
      }
      return parts;
    } catch (LinkageError e) {
      return List.of();
    }
  }
}
