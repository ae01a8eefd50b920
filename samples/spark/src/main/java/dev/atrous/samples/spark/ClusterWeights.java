package dev.atrous.samples.spark;

import static java.util.Objects.requireNonNullElse;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.WriteFailure;
import dev.atrous.runtime.checkpoint.Checkpoint;
import dev.atrous.runtime.model.CompiledModel;
import dev.atrous.runtime.op.Parameter;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.tensorflow.ndarray.Shape;

/**
 * A checkpoint that every executor can read. Which one is decided on the driver, so that all label
 * with the same weights, whatever a training writes in the meantime. Made on the driver.
 */
public final class ClusterWeights implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String id = UUID.randomUUID().toString();
  private final String prefix;
  private final @Nullable Broadcast<Map<String, byte[]>> files; // by name
  private final transient @Nullable Checkpoint checkpoint; // on the driver

  private ClusterWeights(Checkpoint checkpoint, @Nullable Broadcast<Map<String, byte[]>> files) {
    this.prefix = checkpoint.prefix().toString();
    this.files = files;
    this.checkpoint = checkpoint;
  }

  /**
   * A checkpoint at a path that is the same on the driver and on all executors.
   *
   * @param path output directory of a training run, or the prefix of a checkpoint
   * @throws AtrousException if there is no checkpoint, or it can't be read
   */
  public static ClusterWeights shared(Path path) {
    return new ClusterWeights(Checkpoint.open(path.toAbsolutePath()), null);
  }

  /**
   * A checkpoint that only the driver has. It is broadcast: the driver's heap and each executor's
   * need room for it. ({@code SparkContext.addFile} would need none, but what it adds does not
   * reach the tasks of a {@code Dataset}: Spark 4 keeps the files of sessions apart.)
   *
   * @param path output directory of a training run, or the prefix of a checkpoint
   * @throws AtrousException if there is no checkpoint, it can't be read, or the driver's heap has
   *     no room for it
   */
  public static ClusterWeights send(SparkSession spark, Path path) {
    Checkpoint checkpoint = Checkpoint.open(path.toAbsolutePath());
    Map<String, byte[]> contents = new TreeMap<>();
    try {
      for (Path file : files(checkpoint.prefix())) {
        contents.put(String.valueOf(file.getFileName()), Files.readAllBytes(file));
      }
      JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
      return new ClusterWeights(checkpoint, context.broadcast(contents));
    } catch (IOException e) {
      throw new AtrousException(
          "The checkpoint %s can't be read: %s.".formatted(checkpoint.prefix(), e), e);
    } catch (OutOfMemoryError e) {
      throw new AtrousException(
          "The checkpoint %s does not fit into the driver's heap. Give it more (spark.driver.memory), or put the weights where all executors can read them."
              .formatted(checkpoint.prefix()),
          e);
    }
  }

  private static List<Path> files(Path prefix) throws IOException {
    String name = prefix.getFileName() + ".";
    try (Stream<Path> files = Files.list(prefix.resolveSibling(""))) {
      return files.filter(file -> String.valueOf(file.getFileName()).startsWith(name)).toList();
    }
  }

  /**
   * Checks, on the driver, that the weights are those of a model.
   *
   * @throws AtrousException if they are not
   */
  void checkFit(CompiledModel model) {
    if (checkpoint != null) {
      Map<String, Shape> shapes =
          model.parameters().stream().collect(Collectors.toMap(Parameter::name, Parameter::shape));
      checkpoint.require(shapes);
    }
  }

  /** The checkpoint as files of this machine. */
  Local local() {
    Path path = Path.of(prefix);
    if (files == null) {
      return new Local(path, null);
    }
    try {
      Path folder = Files.createTempDirectory("atrous");
      for (Map.Entry<String, byte[]> file : files.value().entrySet()) {
        Files.write(folder.resolve(file.getKey()), file.getValue());
      }
      return new Local(folder.resolve(path.getFileName()), folder);
    } catch (IOException e) {
      throw WriteFailure.of("A copy of the checkpoint " + prefix, e);
    }
  }

  /**
   * A checkpoint, there until it is closed.
   *
   * @param copies their folder, if it is of copies
   */
  record Local(Path prefix, @Nullable Path copies) implements AutoCloseable {
    @Override
    public void close() {
      if (copies != null) {
        for (File file : requireNonNullElse(copies.toFile().listFiles(), new File[0])) {
          file.delete();
        }
        copies.toFile().delete(); // at worst it stays in the executor's temporary folder
      }
    }
  }

  /** Whether these are the same, also where an executor has them as another object. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ClusterWeights weights && weights.id.equals(id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  /** The prefix of the checkpoint, as the driver knows it. */
  @Override
  public String toString() {
    return prefix;
  }
}
