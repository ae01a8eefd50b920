package dev.atrous.runtime.weights;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.Interruption;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.ndarray.Shape;

/**
 * A file of named tensors. Opening it reads the names and shapes; values are read one tensor at a
 * time.
 *
 * <pre>{@code
 * try (TensorFile file = TensorFile.open(Path.of("deeplabv3_resnet50.pth"))) {
 *   Shape shape = file.tensors().get("backbone.conv1.weight").shape(); // [64, 3, 7, 7]
 *   float[] values = file.read("backbone.conv1.weight"); // row-major
 * }
 * }</pre>
 *
 * <p>Formats, told apart by their first bytes and not by the name of the file:
 *
 * <ul>
 *   <li>what {@code torch.save} writes for a state dict, a dict that holds one, or a module: a zip
 *       archive of a pickle and one entry for each storage, or, before PyTorch 1.6, pickles and the
 *       storages behind them. Pickles are not run: what tensors in dicts are made of is understood,
 *       everything else is passed over;
 *   <li>safetensors: a length, a JSON header, the values.
 * </ul>
 *
 * TensorFlow's checkpoints are opened with {@link #openCheckpoint}. May be used by one thread at a
 * time.
 */
public abstract sealed class TensorFile implements AutoCloseable
    permits TorchFile, SafetensorsFile, TensorFlowFile {
  private static final int ZIP = 0x04034b50; // "PK", 3, 4
  private static final int PICKLE_PROTOCOL = 0x80;

  private final Path path;
  private final Closeable source;

  /**
   * @param source closed with this
   */
  TensorFile(Path path, Closeable source) {
    this.path = path;
    this.source = source;
  }

  /**
   * Opens a file of PyTorch or a safetensors file.
   *
   * @throws AtrousException if it is neither, damaged, or holds no tensors
   */
  public static TensorFile open(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new AtrousException(
          "The weights file " + path + (Files.exists(path) ? " is no file." : " does not exist."));
    }
    FileBytes bytes = null;
    try {
      bytes = new FileBytes(path);
      TensorFile file = read(path, bytes);
      bytes = null; // now the file's
      return file;
    } catch (IOException | FormatException e) {
      throw unreadable(path, e);
    } finally {
      close(bytes);
    }
  }

  private static void close(@Nullable Closeable source) {
    if (source != null) {
      try {
        source.close();
      } catch (IOException e) {
        throw new AtrousException("A file that was read can't be closed: " + e, e);
      }
    }
  }

  private static TensorFile read(Path path, FileBytes bytes) throws IOException, FormatException {
    if (bytes.size() < 9) {
      throw FormatException.damaged("It has " + bytes.size() + " bytes");
    }
    ByteBuffer start = bytes.read(0, 9);
    if (start.getInt(0) == ZIP) {
      return TorchFile.read(path, bytes);
    }
    if (start.get(8) == '{') {
      return SafetensorsFile.read(path, bytes);
    }
    if (Byte.toUnsignedInt(start.get(0)) == PICKLE_PROTOCOL) {
      return TorchFile.readLegacy(path, bytes);
    }
    throw FormatException.refused(
        "It is neither a file of torch.save nor a safetensors file",
        "Give a .pth, .pt or .safetensors file of weights. (A download may have ended as a web"
            + " page or a pointer file.)");
  }

  /**
   * Opens a checkpoint of TensorFlow, of version 1 or 2.
   *
   * @param path the prefix, or the file that has all (version 1) or is the index (version 2)
   * @throws AtrousException if there is none or it is damaged
   */
  public static TensorFile openCheckpoint(Path path) {
    return TensorFlowFile.read(path);
  }

  /** That a file can't be used; its path and why. */
  static AtrousException unreadable(Path path, Exception cause) {
    if (cause instanceof IOException) {
      Interruption.check();
    }
    String why = cause instanceof FormatException ? cause.getMessage() : cause.toString();
    return new AtrousException("The weights file " + path + " can't be read: " + why, cause);
  }

  /** Where it is. */
  public final Path path() {
    return path;
  }

  /** Type and shape of each tensor by its name, in the order of the file. */
  public final Map<String, StoredTensor> tensors() {
    return Collections.unmodifiableMap(contents());
  }

  abstract Map<String, StoredTensor> contents();

  /** Where in the file the tensors were found, and what was passed over, in words for the user. */
  List<String> notes() {
    return List.of();
  }

  /**
   * The values of a tensor.
   *
   * @return row-major, as its shape says
   * @throws IllegalArgumentException if no tensor has the name
   * @throws AtrousException if its type is not a floating-point type, or the file is damaged
   */
  public final float[] read(String name) {
    StoredTensor tensor = contents().get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no tensor is named " + name + " in " + path);
    }
    try {
      if (!tensor.type().isReadable()) {
        throw FormatException.refused(
            "The tensor " + FormatException.quoted(name) + " has the type " + tensor.type(),
            "Weights are read from float32, float16, bfloat16 and float64.");
      }
      return values(name);
    } catch (IOException | FormatException e) {
      throw unreadable(path, e);
    }
  }

  /** The values of a tensor that there is, of a readable type. */
  abstract float[] values(String name) throws IOException, FormatException;

  /**
   * The number of elements of a shape.
   *
   * @throws FormatException if it is negative in a dimension or more than an array holds
   */
  static int elements(List<Long> sizes) throws FormatException {
    long product = 1;
    for (long size : sizes) {
      if (size < 0 || size > Integer.MAX_VALUE) {
        throw impossible(sizes);
      }
      product *= size; // below 2^62
      if (product > Integer.MAX_VALUE - 8) {
        throw impossible(sizes);
      }
    }
    return (int) product;
  }

  private static FormatException impossible(List<Long> sizes) {
    return FormatException.damaged("A tensor has the shape " + sizes);
  }

  static Shape shape(List<Long> sizes) {
    return Shape.of(sizes.stream().mapToLong(Long::longValue).toArray());
  }

  @Override
  public final void close() {
    close(source);
  }
}
