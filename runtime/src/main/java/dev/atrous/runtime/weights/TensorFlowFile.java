package dev.atrous.runtime.weights;

import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.tensorflow.NativeLibrary;
import dev.atrous.runtime.tensorflow.TensorFlowFailure;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;
import org.tensorflow.internal.c_api.TF_CheckpointReader;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.TF_Tensor;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;

/**
 * A checkpoint of TensorFlow, read by TensorFlow: version 2, or version 1 (one file without an
 * index), which the classifiers of slim are published in. Variables of other types than {@link
 * #TYPES} has are left out.
 */
final class TensorFlowFile extends TensorFile {
  private static final String INDEX = ".index";

  private static final Map<Integer, ElementType> TYPES =
      Map.of(
          DataType.DT_FLOAT_VALUE, ElementType.FLOAT32,
          DataType.DT_DOUBLE_VALUE, ElementType.FLOAT64,
          DataType.DT_HALF_VALUE, ElementType.FLOAT16,
          DataType.DT_BFLOAT16_VALUE, ElementType.BFLOAT16,
          DataType.DT_INT64_VALUE, ElementType.INT64,
          DataType.DT_INT32_VALUE, ElementType.INT32);

  private final TF_CheckpointReader reader;
  private final Map<String, StoredTensor> contents;

  private TensorFlowFile(
      Path path, TF_CheckpointReader reader, Map<String, StoredTensor> contents) {
    super(path, () -> tensorflow.TF_DeleteCheckpointReader(reader));
    this.reader = reader;
    this.contents = contents;
  }

  static TensorFlowFile read(Path path) {
    Path prefix = prefix(path);
    NativeLibrary.load();
    try (PointerScope scope = new PointerScope()) {
      TF_Status status = TF_Status.newStatus();
      @Nullable TF_CheckpointReader reader =
          tensorflow.TF_NewCheckpointReader(prefix.toString(), status);
      status.throwExceptionIfNotOK();
      if (reader == null) {
        throw new AtrousException("TensorFlow can't read the checkpoint " + prefix + ".");
      }
      try {
        TensorFlowFile file = new TensorFlowFile(prefix, reader, contents(reader, status));
        scope.deallocate();
        return file;
      } catch (RuntimeException e) {
        tensorflow.TF_DeleteCheckpointReader(reader);
        throw e;
      }
    } catch (RuntimeException e) {
      throw TensorFlowFailure.explained(e, cause -> unreadable(prefix, cause));
    }
  }

  private static Path prefix(Path path) {
    String name = String.valueOf(path.getFileName());
    Path prefix =
        name.endsWith(INDEX)
            ? path.resolveSibling(name.substring(0, name.length() - INDEX.length()))
            : path;
    Path index = prefix.resolveSibling(prefix.getFileName() + INDEX);
    if (!Files.isRegularFile(index) && !Files.isRegularFile(prefix)) {
      throw new AtrousException(
          "There is no checkpoint at "
              + prefix
              + ": neither that file (version 1) nor "
              + index.getFileName()
              + " (version 2) is there. Unpack the archive of the checkpoint, and give the path"
              + " of its .ckpt without .index or .data.");
    }
    return prefix;
  }

  private static Map<String, StoredTensor> contents(TF_CheckpointReader reader, TF_Status status) {
    Map<String, StoredTensor> contents = new TreeMap<>();
    for (int i = 0; i < tensorflow.TF_CheckpointReaderSize(reader); i++) {
      BytePointer name = tensorflow.TF_CheckpointReaderGetVariable(reader, i);
      int rank = tensorflow.TF_CheckpointReaderGetVariableNumDims(reader, name);
      long[] sizes = new long[rank];
      tensorflow.TF_CheckpointReaderGetVariableShape(reader, name, sizes, rank, status);
      status.throwExceptionIfNotOK();
      ElementType type = TYPES.get(tensorflow.TF_CheckpointReaderGetVariableDataType(reader, name));
      if (type != null) {
        contents.put(name.getString(), new StoredTensor(type, Shape.of(sizes)));
      }
    }
    return contents;
  }

  @Override
  Map<String, StoredTensor> contents() {
    return contents;
  }

  @Override
  float[] values(String name) {
    try (PointerScope scope = new PointerScope()) {
      TF_Status status = TF_Status.newStatus();
      @Nullable TF_Tensor tensor = tensorflow.TF_CheckpointReaderGetTensor(reader, name, status);
      status.throwExceptionIfNotOK();
      try {
        byte[] bytes = new byte[Math.toIntExact(tensorflow.TF_TensorByteSize(tensor))];
        new BytePointer(tensorflow.TF_TensorData(tensor)).get(bytes);
        ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        ElementType type = Objects.requireNonNull(contents.get(name)).type();
        float[] values = new float[bytes.length / type.bytes()];
        for (int i = 0; i < values.length; i++) {
          values[i] = type.read(data, i * type.bytes());
        }
        return values;
      } finally {
        tensorflow.TF_DeleteTensor(tensor);
        scope.deallocate();
      }
    } catch (RuntimeException e) {
      throw TensorFlowFailure.explained(e, cause -> unreadable(path(), cause));
    }
  }
}
