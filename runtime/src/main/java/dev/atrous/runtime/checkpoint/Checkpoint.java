package dev.atrous.runtime.checkpoint;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.op.Parameter;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import dev.atrous.runtime.tensorflow.TensorFlowFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;
import org.tensorflow.internal.c_api.TF_CheckpointReader;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.TF_Tensor;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;

/**
 * A checkpoint on disk: its prefix (the path of its files without {@code .index} and {@code
 * .data-00000-of-00001}), and the names and shapes of the variables in it.
 *
 * <pre>{@code
 * Checkpoint checkpoint = Checkpoint.open(Path.of("runs/voc"));
 * checkpoint.require(Map.of("logits/bias", Shape.of(21)));
 * }</pre>
 */
public final class Checkpoint {
  /** The scalar int64 in every checkpoint of a training run: steps done. */
  public static final String GLOBAL_STEP = "global_step";

  private static final String INDEX = ".index";
  private static final int MOST_LISTED = 10;

  /** What to do about a checkpoint of another model. */
  static final String SAME_MODEL =
      "Use weights of the same model (backbone, classes, ASPP and cascade as in its spec), or train"
          + " from the start.";

  /** That weights are of a model of other bands. */
  static final String OTHER_BANDS =
      "Only the weights of the first convolution differ: they are for images of another number of"
          + " bands.";

  private final Path prefix;
  private final Map<String, Shape> shapes;

  private Checkpoint(Path prefix, Map<String, Shape> shapes) {
    this.prefix = prefix;
    this.shapes = shapes;
  }

  /**
   * Reads names and shapes; not the values.
   *
   * @param path a directory with a {@code checkpoint} state file (its newest is taken), a prefix,
   *     or an index file
   * @throws AtrousException if there is no checkpoint, or it can't be read
   */
  public static Checkpoint open(Path path) {
    if (!Files.isDirectory(path)) {
      return read(withoutIndex(path));
    }
    Path newest =
        CheckpointDirectory.newest(path)
            .orElseThrow(
                () ->
                    new AtrousException(
                        "There is no checkpoint in "
                            + path
                            + ": the directory has no state file named \"checkpoint\". Give the"
                            + " output directory of a training run, or the prefix of a checkpoint"
                            + " (its .index file without the suffix)."));
    return read(newest);
  }

  private static Path withoutIndex(Path path) {
    String name = String.valueOf(path.getFileName());
    return name.endsWith(INDEX)
        ? path.resolveSibling(name.substring(0, name.length() - INDEX.length()))
        : path;
  }

  static Checkpoint read(Path prefix) {
    Path index = prefix.resolveSibling(prefix.getFileName() + INDEX);
    if (!Files.isRegularFile(index)) {
      throw new AtrousException(
          "There is no checkpoint at "
              + prefix
              + ": the file "
              + index
              + " does not exist. Give the output directory of a training run, or the prefix of"
              + " a checkpoint (its .index file without the suffix)."
              + others(prefix));
    }
    NativeLibrary.load();
    try {
      return new Checkpoint(prefix, Collections.unmodifiableMap(readShapes(prefix)));
    } catch (RuntimeException e) {
      throw TensorFlowFailure.explained(e, cause -> unreadable(prefix, cause));
    }
  }

  /** That the files of a checkpoint are damaged or incomplete. */
  static AtrousException unreadable(Path prefix, RuntimeException cause) {
    return new AtrousException(
        "The checkpoint "
            + prefix
            + " can't be read: "
            + cause.getMessage()
            + "\nIts files are damaged or incomplete; copy them again, or take an older"
            + " checkpoint."
            + others(prefix),
        cause);
  }

  /** A sentence about the other checkpoints of the directory, if there are any. */
  private static String others(Path prefix) {
    List<Path> others = new ArrayList<>(CheckpointDirectory.inFiles(prefix.resolveSibling("")));
    others.remove(prefix);
    return others.isEmpty()
        ? ""
        : " Beside it there is "
            + others.stream().map(Path::toString).collect(Collectors.joining(", "))
            + ".";
  }

  /**
   * Reads all values and compares their checksums.
   *
   * @throws AtrousException if a file is damaged or incomplete
   */
  void verify() {
    read(shapes.keySet(), (name, value) -> {});
  }

  /**
   * The values of a float32 variable, row-major.
   *
   * @param name of a variable that the checkpoint has
   * @throws AtrousException if a file is damaged or incomplete
   */
  public float[] read(String name) {
    float[][] values = new float[1][];
    read(
        List.of(name),
        (same, tensor) -> {
          values[0] = new float[Math.toIntExact(tensorflow.TF_TensorElementCount(tensor))];
          new FloatPointer(tensorflow.TF_TensorData(tensor)).get(values[0]);
        });
    return values[0];
  }

  private void read(Collection<String> names, BiConsumer<String, TF_Tensor> use) {
    try (PointerScope scope = new PointerScope()) {
      TF_Status status = TF_Status.newStatus();
      @Nullable TF_CheckpointReader reader =
          tensorflow.TF_NewCheckpointReader(PlainPaths.of(prefix), status);
      status.throwExceptionIfNotOK();
      try {
        for (String name : names) {
          TF_Tensor value = tensorflow.TF_CheckpointReaderGetTensor(reader, name, status);
          status.throwExceptionIfNotOK();
          try {
            use.accept(name, value);
          } finally {
            tensorflow.TF_DeleteTensor(value);
          }
        }
      } finally {
        tensorflow.TF_DeleteCheckpointReader(reader);
      }
      scope.deallocate();
    } catch (RuntimeException e) {
      throw TensorFlowFailure.explained(e, cause -> unreadable(prefix, cause));
    }
  }

  private static Map<String, Shape> readShapes(Path prefix) {
    Map<String, Shape> shapes = new TreeMap<>();
    try (PointerScope scope = new PointerScope()) {
      TF_Status status = TF_Status.newStatus();
      @Nullable TF_CheckpointReader reader =
          tensorflow.TF_NewCheckpointReader(PlainPaths.of(prefix), status);
      status.throwExceptionIfNotOK();
      try {
        for (int i = 0; i < tensorflow.TF_CheckpointReaderSize(reader); i++) {
          BytePointer name = tensorflow.TF_CheckpointReaderGetVariable(reader, i);
          int rank = tensorflow.TF_CheckpointReaderGetVariableNumDims(reader, name);
          long[] sizes = new long[rank];
          tensorflow.TF_CheckpointReaderGetVariableShape(reader, name, sizes, rank, status);
          status.throwExceptionIfNotOK();
          int type = tensorflow.TF_CheckpointReaderGetVariableDataType(reader, name);
          if (type == DataType.DT_FLOAT_VALUE || type == DataType.DT_INT64_VALUE) {
            shapes.put(name.getString(), Shape.of(sizes));
          }
        }
      } finally {
        tensorflow.TF_DeleteCheckpointReader(reader);
      }
      scope.deallocate();
    }
    return shapes;
  }

  /** The path of the files without their suffixes. */
  public Path prefix() {
    return prefix;
  }

  /** The shapes of the float32 and int64 variables by name, in the order of the names. */
  public Map<String, Shape> shapes() {
    return shapes;
  }

  /**
   * Checks that all of {@code wanted} is there.
   *
   * @throws AtrousException if a name is missing or has another shape; the message lists them
   */
  public void require(Map<String, Shape> wanted) {
    require(wanted, differing -> SAME_MODEL);
  }

  /**
   * Checks as {@link #require(Map)}.
   *
   * @param remedy what to do if these names are missing or have other shapes, a sentence
   */
  void require(Map<String, Shape> wanted, Function<Set<String>, String> remedy) {
    Map<String, String> differing = new LinkedHashMap<>();
    wanted.forEach(
        (name, shape) -> problem(name, shape).ifPresent(problem -> differing.put(name, problem)));
    if (differing.isEmpty()) {
      return;
    }
    List<String> problems = List.copyOf(differing.values());
    int shown = Math.min(problems.size(), MOST_LISTED);
    String more = shown < problems.size() ? "\n  and " + (problems.size() - shown) + " more" : "";
    throw new AtrousException(
        "The checkpoint "
            + prefix
            + " does not fit the model: "
            + problems.size()
            + " of its "
            + wanted.size()
            + " variables differ.\n  "
            + String.join("\n  ", problems.subList(0, shown))
            + more
            + "\n"
            + remedy.apply(differing.keySet()));
  }

  /** Whether variables that do not fit a model are those that depend on the bands of images. */
  boolean ofOtherBands(Set<String> differing) {
    return differing.stream()
        .allMatch(name -> Parameter.isOfImages(name) && shapes.containsKey(name));
  }

  private Optional<String> problem(String name, Shape wanted) {
    Shape found = shapes.get(name);
    if (found == null) {
      return Optional.of(name + ": model " + wanted + ", checkpoint has none");
    }
    return found.equals(wanted)
        ? Optional.empty()
        : Optional.of(name + ": model " + wanted + ", checkpoint " + found);
  }
}
