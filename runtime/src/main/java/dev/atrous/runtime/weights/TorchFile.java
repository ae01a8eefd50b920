package dev.atrous.runtime.weights;

import dev.atrous.runtime.weights.TorchGlobals.Storage;
import dev.atrous.runtime.weights.TorchGlobals.View;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code torch.save} writes: a pickle in which tensors are views of storages, and the
 * storages. Since PyTorch 1.6 it is a zip archive with, under one folder, {@code data.pkl}, {@code
 * data/KEY} for each storage, and {@code byteorder}; before, see {@link LegacyStorages}.
 */
final class TorchFile extends TensorFile {
  /** A state dict of ResNet-101 has 0.1 MB; the values are not in it. */
  static final int LARGEST_PICKLE = 16 << 20;

  private static final String PICKLE = "data.pkl";

  /** Where the elements of storages are. */
  interface Storages {
    /** All bytes of a storage. */
    ByteBuffer bytes(Storage storage) throws IOException, FormatException;
  }

  private final StateDict stateDict;
  private final Storages storages;
  private final Map<String, StoredTensor> contents = new LinkedHashMap<>();
  private @Nullable String lastKey;
  private ByteBuffer lastStorage = ByteBuffer.allocate(0);

  private TorchFile(Path path, FileBytes bytes, StateDict stateDict, Storages storages) {
    super(path, bytes);
    this.stateDict = stateDict;
    this.storages = storages;
    stateDict
        .views()
        .forEach(
            (name, view) ->
                contents.put(name, new StoredTensor(view.storage().type(), shape(view.sizes()))));
  }

  /** Reads the archive of PyTorch 1.6 and later. */
  static TorchFile read(Path path, FileBytes bytes) throws IOException, FormatException {
    StoredZip zip = StoredZip.read(bytes);
    String folder = folder(zip);
    if (zip.size(folder + PICKLE) > LARGEST_PICKLE) {
      throw largePickle("Its pickle has " + zip.size(folder + PICKLE) + " bytes");
    }
    ByteOrder order = byteOrder(zip, folder + "byteorder");
    Object root = PickleReader.read(zip.bytes(folder + PICKLE), new TorchGlobals());
    StateDict stateDict = StateDict.in(root);
    for (View view : stateDict.views().values()) {
      checkStorage(zip, folder, view.storage());
    }
    return new TorchFile(
        path, bytes, stateDict, storage -> zip.bytes(entry(folder, storage)).order(order));
  }

  /** Reads what PyTorch wrote before version 1.6, and still can. */
  static TorchFile readLegacy(Path path, FileBytes bytes) throws IOException, FormatException {
    TorchGlobals globals = new TorchGlobals();
    ByteBuffer start = bytes.read(0, Math.min(bytes.size(), LARGEST_PICKLE));
    Object root = LegacyStorages.root(start, globals, bytes.size());
    StateDict stateDict = StateDict.in(root);
    LegacyStorages storages =
        LegacyStorages.locate(bytes, LegacyStorages.keys(start), start.position(), globals);
    for (View view : stateDict.views().values()) {
      storages.check(view.storage());
    }
    return new TorchFile(path, bytes, stateDict, storages);
  }

  static FormatException largePickle(String what) {
    return FormatException.refused(
        what + "; that of a network's weights needs less than " + LARGEST_PICKLE,
        "Give a file that holds the weights and little else.");
  }

  /** The folder that all entries are in, with its slash. */
  private static String folder(StoredZip zip) throws FormatException {
    for (String name : zip.names()) {
      if (name.endsWith("/" + PICKLE) && name.indexOf('/') == name.lastIndexOf('/')) {
        return name.substring(0, name.length() - PICKLE.length());
      }
    }
    throw FormatException.refused(
        "It is a zip archive, but not one of torch.save: it has no data.pkl",
        "Give a .pth, .pt or .safetensors file of weights. If the archive holds one, unpack it.");
  }

  private static ByteOrder byteOrder(StoredZip zip, String entry)
      throws IOException, FormatException {
    if (!zip.has(entry)) {
      return ByteOrder.LITTLE_ENDIAN; // before PyTorch 2.1
    }
    String order = StandardCharsets.US_ASCII.decode(zip.bytes(entry)).toString();
    return switch (order) {
      case "little" -> ByteOrder.LITTLE_ENDIAN;
      case "big" -> ByteOrder.BIG_ENDIAN;
      default ->
          throw FormatException.damaged("Its byte order is " + FormatException.quoted(order));
    };
  }

  private static void checkStorage(StoredZip zip, String folder, Storage storage)
      throws FormatException {
    long size = zip.size(entry(folder, storage));
    long bytes = storage.type().bytes();
    if (size / bytes != storage.total() || size % bytes != 0) {
      throw FormatException.damaged(
          "The storage %s has %d bytes, which are not %d elements of type %s"
              .formatted(
                  FormatException.quoted(storage.key()), size, storage.total(), storage.type()));
    }
  }

  private static String entry(String folder, Storage storage) {
    return folder + "data/" + storage.key();
  }

  @Override
  Map<String, StoredTensor> contents() {
    return contents;
  }

  @Override
  List<String> notes() {
    return stateDict.notes();
  }

  @Override
  float[] values(String name) throws IOException, FormatException {
    View view = stateDict.views().get(name);
    if (view == null) {
      throw new IllegalArgumentException(name);
    }
    Storage storage = view.storage();
    if (!storage.key().equals(lastKey)) {
      lastStorage = storages.bytes(storage);
      lastKey = storage.key();
    }
    return gather(view, lastStorage);
  }

  /** The elements of a view in row-major order, whatever their order in the storage. */
  private static float[] gather(View view, ByteBuffer storage) {
    ElementType type = view.storage().type();
    long[] sizes = view.sizes().stream().mapToLong(Long::longValue).toArray();
    long[] strides = view.strides().stream().mapToLong(Long::longValue).toArray();
    float[] values = new float[view.elements()];
    long[] index = new long[sizes.length];
    long at = view.offset();
    for (int i = 0; i < values.length; i++) {
      values[i] = type.read(storage, (int) (at * type.bytes()));
      for (int axis = sizes.length - 1; axis >= 0; axis--) {
        at += strides[axis];
        if (++index[axis] < sizes[axis]) {
          break;
        }
        at -= strides[axis] * sizes[axis];
        index[axis] = 0;
      }
    }
    return values;
  }
}
