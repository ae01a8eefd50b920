package dev.atrous.runtime.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_OK;

import com.sun.jna.Platform;
import dev.atrous.runtime.AtrousException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_Session;
import org.tensorflow.internal.c_api.TF_SessionOptions;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;

/**
 * TensorFlow's native library: loads it once, with the settings that Atrous needs.
 *
 * <p>Atrous convolutions have fast gradients on a CPU only with oneDNN, so {@code
 * TF_ENABLE_ONEDNN_OPTS=1} is set first unless the environment says otherwise. So is {@code
 * TF_OVERRIDE_GLOBAL_THREADPOOL=1}: otherwise the first session of the process decides how many
 * threads all others have. TensorFlow's log on standard error is limited to fatal errors ({@code
 * TF_CPP_MIN_LOG_LEVEL=3}, unless set) and its greeting is dropped; the system property {@code
 * atrous.verbose=true} keeps both. Native memory is not limited by the size of the Java heap
 * ({@code org.bytedeco.javacpp.maxPhysicalBytes=0}, unless set).
 */
public final class NativeLibrary {
  /** The system property that keeps TensorFlow's own messages. */
  public static final String VERBOSE_PROPERTY = "atrous.verbose";

  /** By default JavaCPP allows a process four times the Java heap, whatever memory there is. */
  private static final String PROCESS_LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";

  private static final String FOR_GPU = "linux-x86_64-gpu";
  private static final Logger log = LoggerFactory.getLogger(NativeLibrary.class);
  private static boolean loaded;

  private NativeLibrary() {}

  /**
   * Loads the library if that has not happened yet. To be called before any class of TensorFlow is
   * used.
   *
   * @throws AtrousException if there is none for this platform on the class path, or it does not
   *     start; the message has the Maven dependency to add
   */
  public static synchronized void load() {
    if (loaded) {
      return;
    }
    if (System.getProperty(PROCESS_LIMIT) == null) {
      System.setProperty(PROCESS_LIMIT, "0");
    }
    NativeEnvironment.setDefault("TF_ENABLE_ONEDNN_OPTS", "1");
    NativeEnvironment.setDefault("TF_OVERRIDE_GLOBAL_THREADPOOL", "1");
    if (!isVerbose()) {
      NativeEnvironment.setDefault("TF_CPP_MIN_LOG_LEVEL", "3");
    }
    if (Cpu.lacksAvx()) {
      throw new AtrousException(
          "TensorFlow's native library needs a processor with AVX, and this one has none ("
              + Cpu.name()
              + "). A virtual machine may hide it: give it the host's processor.");
    }
    if (isForGpu()) {
      prepareForGpu();
    }
    try {
      withoutChatter(() -> log.debug("TensorFlow {}", TensorFlow.version()));
    } catch (LinkageError | IllegalCallerException e) {
      throw unloadable(e);
    }
    withoutChatter(NativeLibrary::runOnce);
    loaded = true;
  }

  /** What has to be there before the library is loaded, whether or not a GPU will be used. */
  private static void prepareForGpu() {
    XlaFlags.setDefault(XlaFlags.DRIVER_ASSEMBLES, "true");
    XlaFlags.setDefault(XlaFlags.CHANNELS_LAST, "true");
    CudaToolkit.find()
        .folder()
        .ifPresent(folder -> XlaFlags.setDefault(XlaFlags.CUDA_FOLDER, folder.toString()));
    try {
      CudaLibraries.openRuntime();
    } catch (IOException | LinkageError e) {
      log.debug("no CUDA", e); // who asks for a GPU is told
    }
  }

  /**
   * For images of many sizes, in this process from now on: on a GPU, cuDNN chooses by rule how to
   * compute a convolution. Otherwise every way is tried for each size that is new: 100 images of
   * the quickstart took 22 s on an H100, and 1.6 s on two cores of a CPU. {@code
   * TF_CUDNN_USE_AUTOTUNE} wins, where the user has set it.
   */
  public static void expectManySizes() {
    NativeEnvironment.setDefault("TF_CUDNN_USE_AUTOTUNE", "0");
  }

  /** Runs an action during which TensorFlow may print information that the user did not ask for. */
  static void withoutChatter(Runnable action) {
    if (isVerbose()) {
      action.run();
    } else {
      NativeEnvironment.withoutChatter(action);
    }
  }

  private static boolean isVerbose() {
    return Boolean.getBoolean(VERBOSE_PROPERTY);
  }

  /** The first session of a process prints a greeting, whatever the log level. */
  private static void runOnce() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      try (Session session = new Session(graph, Device.CPU.devices().build())) {
        session.runner().fetch(tf.constant(0)).run().close();
      }
    }
  }

  private static AtrousException unloadable(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message =
        "TensorFlow's native library for %s could not be loaded: %s\n".formatted(platform(), root);
    Optional<String> access = NativeAccess.advice(root);
    if (access.isPresent()) {
      return new AtrousException(message + access.get(), cause);
    }
    // Whatever goes wrong while it is unpacked is seen as a library that is not found.
    URL library = isForGpu() ? resource(FOR_GPU) : resource(classifier());
    if (library == null) {
      return new AtrousException(message + dependency(), cause);
    }
    NativeFolder cache = NativeFolder.cache();
    return new AtrousException(
        message
            + cache
                .problem(bytes(cache, library))
                .or(() -> otherLibc(Path.of("/")))
                .orElse(
                    "It is on the class path, but does not load here: it may need a newer system"
                        + " library, or be damaged. Delete what is in "
                        + cache.path()
                        + " to have it unpacked again."),
        cause);
  }

  /**
   * What to do on a Linux with another C library than the one that TensorFlow is built for.
   *
   * @param root of the file system
   */
  static Optional<String> otherLibc(Path root) {
    try (Stream<Path> files = Files.list(root.resolve("lib"))) {
      boolean musl = files.anyMatch(file -> file.getFileName().toString().startsWith("ld-musl-"));
      return musl
          ? Optional.of(
              "This system's C library is musl, as in Alpine Linux, and TensorFlow is built for"
                  + " glibc: use a system or an image with that, such as Debian, Ubuntu or Red Hat.")
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // no Linux
    }
  }

  private static long bytes(NativeFolder cache, URL library) {
    try {
      return cache.toUnpack(library, name -> true);
    } catch (IOException e) {
      return 0;
    }
  }

  private static String dependency() {
    return """
        Add it to the run-time class path:
          <dependency>
            <groupId>org.tensorflow</groupId>
            <artifactId>tensorflow-core-native</artifactId>
            <version>%s</version>
            <classifier>%s</classifier>
          </dependency>"""
        .formatted(version(), classifier());
  }

  private static String platform() {
    return System.getProperty("os.name") + " on " + System.getProperty("os.arch");
  }

  /** The name under which the library of this platform is published, where there is one. */
  static String classifier() {
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    boolean arm = arch.contains("aarch64") || arch.contains("arm64");
    String system = Platform.isMac() ? "macosx" : Platform.isWindows() ? "windows" : "linux";
    return system + (arm ? "-arm64" : "-x86_64");
  }

  private static String version() {
    String path = "/META-INF/maven/org.tensorflow/tensorflow-core-api/pom.properties";
    Properties properties = new Properties();
    try (InputStream in = Graph.class.getResourceAsStream(path)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      log.debug("could not read {}", path, e);
    }
    return properties.getProperty("version", "the version of tensorflow-core-api");
  }

  /** Whether the library is the one for GPUs, which wins where the class path has both. */
  public static boolean isForGpu() {
    return resource(FOR_GPU) != null;
  }

  /** Whether the class path has a library for this platform. */
  public static boolean isOnClassPath() {
    return isForGpu() || resource(classifier()) != null;
  }

  private static @Nullable URL resource(String platform) {
    return Graph.class.getResource(
        "/org/tensorflow/internal/c_api/"
            + platform
            + "/"
            + System.mapLibraryName("jnitensorflow"));
  }

  /** The version of the loaded library, like {@code 2.18.0}. */
  public static String libraryVersion() {
    load();
    return TensorFlow.version();
  }

  /** Where the loaded library is. */
  public static Path path() {
    load();
    return Path.of(Loader.load(tensorflow.class));
  }

  /**
   * Whether the library computes an operation, also one that it keeps to itself.
   *
   * @param operation its name, for example {@code Conv2D}
   */
  public static boolean hasKernel(String operation) {
    load();
    try (PointerScope scope = new PointerScope()) {
      TF_Status status = TF_Status.newStatus();
      TF_Buffer kernels = tensorflow.TF_GetRegisteredKernelsForOp(operation, status);
      boolean any = tensorflow.TF_GetCode(status) == TF_OK && kernels.length() > 0;
      scope.deallocate();
      return any;
    }
  }

  /**
   * The kinds of the devices that TensorFlow can use, for example {@code [CPU, GPU]}. Opens the
   * first GPU.
   */
  static List<String> deviceTypes() {
    load();
    List<String> types = new ArrayList<>();
    withoutChatter(() -> addDeviceTypes(types));
    return types;
  }

  private static void addDeviceTypes(List<String> types) {
    ConfigProto config = Device.GPU.devices().build();
    byte[] bytes = config.toByteArray();
    try (PointerScope scope = new PointerScope()) {
      TF_Status status = TF_Status.newStatus();
      TF_SessionOptions options = TF_SessionOptions.newSessionOptions();
      tensorflow.TF_SetConfig(
          options, new org.bytedeco.javacpp.BytePointer(bytes), bytes.length, status);
      status.throwExceptionIfNotOK();
      TF_Session session = TF_Session.newSession(TF_Graph.newGraph(), options, status);
      status.throwExceptionIfNotOK();
      TF_DeviceList devices = tensorflow.TF_SessionListDevices(session, status);
      status.throwExceptionIfNotOK();
      for (int i = 0; i < tensorflow.TF_DeviceListCount(devices); i++) {
        types.add(tensorflow.TF_DeviceListType(devices, i, status).getString());
      }
      tensorflow.TF_DeleteDeviceList(devices);
      scope.deallocate();
    }
  }
}
