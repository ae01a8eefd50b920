package dev.atrous.runtime.tensorflow;

import dev.atrous.runtime.AtrousException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;

/**
 * XLA, TensorFlow's compiler: makes one program of a whole function. That it did is seen from the
 * optimised module that it writes for the function: XLA is told to dump its modules to a temporary
 * directory ({@code XLA_FLAGS=--xla_dump_to=...}, or the user's own directory if that flag is set).
 */
public final class Xla {
  private static final Logger log = LoggerFactory.getLogger(Xla.class);
  private static final Pattern INSTRUCTION =
      Pattern.compile("\\s+(?:ROOT )?%?[\\w.-]+ = (?:\\([^=]*\\)|\\S+) ([\\w-]+)\\(.*");

  /** In a module's first line: an output that lives where an input did. */
  private static final Pattern ALIAS =
      Pattern.compile("\\{\\d*}: \\(\\d+, \\{}, (may|must)-alias\\)");

  private static final Set<String> HOST_TRANSFERS =
      Set.of("infeed", "outfeed", "send", "send-done", "recv", "recv-done");
  private static final Set<Device> STARTED = EnumSet.noneOf(Device.class);
  private static @Nullable Xla instance;

  private final Path dump;
  private final boolean ours;

  private Xla(Path dump, boolean ours) {
    this.dump = dump;
    this.ours = ours;
  }

  /**
   * Starts XLA, once in a process.
   *
   * @param device that it is to compile for, {@link Device#CPU} or {@link Device#GPU}
   * @throws AtrousException if XLA can't compile for it; the message says why and what to do
   */
  public static synchronized Xla load(Device device) {
    NativeLibrary.load();
    problem(device)
        .ifPresent(
            problem -> {
              throw new AtrousException(problem);
            });
    if (instance == null) {
      instance = start();
    }
    if (!STARTED.contains(device)) {
      if (XlaFlags.areUsers()) {
        runOnce(device); // XLA ends the process for a wrong flag: what it says is not held back
      } else {
        NativeLibrary.withoutChatter(() -> runOnce(device));
      }
      STARTED.add(device);
    }
    return instance;
  }

  /**
   * Why XLA can't compile for a device, and what to do; empty if nothing is known that speaks
   * against it.
   *
   * @param device {@link Device#CPU} or {@link Device#GPU}
   */
  public static Optional<String> problem(Device device) {
    return device == Device.GPU ? CudaToolkit.find().problem() : Optional.empty();
  }

  private static Xla start() {
    Optional<String> users = XlaFlags.value(XlaFlags.DUMP);
    if (users.isPresent()) {
      return new Xla(Path.of(users.get()), false);
    }
    try {
      Path directory = Files.createTempDirectory("atrous-xla");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory), "atrous-xla"));
      XlaFlags.setDefault(XlaFlags.DUMP, directory.toString());
      return new Xla(directory, true);
    } catch (IOException e) {
      throw new AtrousException(
          "XLA needs a temporary directory, and none can be made in %s: %s. Choose another folder with -Djava.io.tmpdir=FOLDER."
              .formatted(System.getProperty("java.io.tmpdir"), e),
          e);
    }
  }

  /**
   * Compiles a small function; the first use of XLA in a process prints a greeting. On a GPU, an
   * exponential takes libdevice.
   */
  private static void runOnce(Device device) {
    try (Graph graph = new Graph()) {
      Ops tf = device.place(Ops.create(graph));
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
      Signature signature =
          Signature.builder("atrous_start").input("x", x).output("y", tf.math.exp(x)).build();
      try (ConcreteFunction function = ConcreteFunction.create(signature, graph);
          Session session = new Session(graph, device.devices().build());
          TFloat32 one = TFloat32.scalarOf(1)) {
        Output<TFloat32> y = call(tf, function, List.of(x.asOutput()));
        session.runner().feed(x, one).fetch(y).run().close();
      }
    } catch (RuntimeException e) {
      throw TensorFlowFailure.explained(e, Xla::missing);
    }
  }

  private static AtrousException missing(RuntimeException cause) {
    return new AtrousException(
        "TensorFlow's XLA compiler does not work on this machine: "
            + cause.getMessage()
            + "\n"
            + (TensorFlowFailure.kind(cause).explanation() + " Choose XLA off.").strip(),
        cause);
  }

  /**
   * Adds an operation that runs {@code function} as one compiled program.
   *
   * @param tf where the operation goes, and on which device
   * @param arguments in the order of the function's inputs; variables as their handles
   * @return the function's only output, a float32
   */
  public static Output<TFloat32> call(
      Ops tf, ConcreteFunction function, List<Output<?>> arguments) {
    return tf.scope()
        .opBuilder("StatefulPartitionedCall", "xla_step")
        .addInputList(arguments.toArray(new Output<?>[0]))
        .setAttr("Tout", new DataType[] {DataType.DT_FLOAT})
        .setAttr("f", function)
        .setAttr("_XlaMustCompile", true)
        .build()
        .output(0);
  }

  /**
   * What XLA compiled a function to.
   *
   * @param name of XLA's module; it contains that of the function
   * @param instructions in the optimised module, those inside fusions included
   * @param fusions how many loops XLA fused several operations into
   * @param donated inputs whose memory an output takes: the variables that it updates in place
   * @param hostTransfers instructions that exchange data with the host while the program runs
   */
  public record Program(
      String name, int instructions, int fusions, int donated, int hostTransfers) {}

  /**
   * The module that XLA compiled a function to; empty if XLA has not compiled it, or its dump can't
   * be read. The dump is deleted unless the user asked for it.
   *
   * @param function {@link ConcreteFunction#getDefinedName()}
   */
  public Optional<Program> program(String function) {
    String name = function.replaceAll("[^A-Za-z0-9_.-]", "_");
    try (Stream<Path> listed = Files.list(dump)) {
      List<Path> files =
          listed.filter(file -> file.getFileName().toString().contains(name)).toList();
      List<Path> modules =
          files.stream()
              .filter(file -> file.getFileName().toString().endsWith("after_optimizations.txt"))
              .toList();
      if (modules.size() > 1) {
        log.warn("XLA made {} modules of {}", modules.size(), function);
      }
      Optional<Program> program =
          modules.isEmpty() ? Optional.empty() : Optional.of(read(modules.get(0)));
      if (ours) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
      return program;
    } catch (IOException | UncheckedIOException e) {
      log.debug("no XLA dump", e);
      return Optional.empty();
    }
  }

  private static Program read(Path file) throws IOException {
    String name = "";
    int instructions = 0;
    int fusions = 0;
    int donated = 0;
    int hostTransfers = 0;
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith("HloModule ")) {
        name = line.substring("HloModule ".length()).split(",", 2)[0];
        donated = (int) ALIAS.matcher(line).results().count();
      }
      Matcher instruction = INSTRUCTION.matcher(line);
      if (instruction.matches()) {
        instructions++;
        fusions += "fusion".equals(instruction.group(1)) ? 1 : 0;
        hostTransfers += HOST_TRANSFERS.contains(instruction.group(1)) ? 1 : 0;
      }
    }
    return new Program(name, instructions, fusions, donated, hostTransfers);
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(directory);
    } catch (IOException | UncheckedIOException e) {
      log.debug("could not delete {}", directory, e);
    }
  }
}
