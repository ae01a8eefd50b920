package dev.atrous.runtime.weights;

import dev.atrous.runtime.weights.PickleReader.Dict;
import dev.atrous.runtime.weights.TorchGlobals.Storage;
import dev.atrous.runtime.weights.TorchGlobals.View;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code torch.save} writes: a zip archive with, under one folder, {@code data.pkl} (a pickle
 * of the dicts, in which tensors are views of storages), {@code data/KEY} for each storage, and
 * {@code byteorder}.
 */
final class TorchFile extends TensorFile {
  /** A state dict of ResNet-101 has 0.1 MB; the values are not in it. */
  private static final int LARGEST_PICKLE = 4 << 20;

  private static final String PICKLE = "data.pkl";

  /** Where training programs keep the state dict, next to that of the optimizer. */
  private static final String NESTED = "model";

  private final StoredZip zip;
  private final String folder;
  private final Map<String, View> views;
  private final Map<String, StoredTensor> contents = new LinkedHashMap<>();
  private @Nullable String lastKey;
  private ByteBuffer lastStorage = ByteBuffer.allocate(0);

  private TorchFile(
      Path path, FileBytes bytes, StoredZip zip, String folder, Map<String, View> views) {
    super(path, bytes);
    this.zip = zip;
    this.folder = folder;
    this.views = views;
    views.forEach(
        (name, view) ->
            contents.put(name, new StoredTensor(view.storage().type(), shape(view.sizes()))));
  }

  static TorchFile read(Path path, FileBytes bytes) throws IOException, FormatException {
    StoredZip zip = StoredZip.read(bytes);
    String folder = folder(zip);
    if (zip.has(folder + "constants.pkl")) {
      throw FormatException.refused(
          "It is a TorchScript program (torch.jit.save)",
          "Save the weights alone: torch.save(module.state_dict(), FILE).");
    }
    checkByteOrder(zip, folder + "byteorder");
    if (zip.size(folder + PICKLE) > LARGEST_PICKLE) {
      throw FormatException.refused(
          "Its pickle has "
              + zip.size(folder + PICKLE)
              + " bytes; a state dict needs no more than"
              + " "
              + LARGEST_PICKLE,
          "Save the weights alone: torch.save(model.state_dict(), FILE).");
    }
    Object root = PickleReader.read(zip.bytes(folder + PICKLE), new TorchGlobals());
    Map<String, View> views = stateDict(root);
    for (View view : views.values()) {
      checkStorage(zip, folder, view.storage());
    }
    return new TorchFile(path, bytes, zip, folder, views);
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
        "Give a .pth file of a state dict or a .safetensors file.");
  }

  private static void checkByteOrder(StoredZip zip, String entry)
      throws IOException, FormatException {
    if (!zip.has(entry)) {
      return; // before PyTorch 2.1
    }
    ByteBuffer bytes = zip.bytes(entry);
    String order = StandardCharsets.US_ASCII.decode(bytes).toString();
    if (!order.equals("little")) {
      throw FormatException.refused(
          "Its byte order is " + FormatException.quoted(order) + ", not little-endian",
          "Load and save it again on a little-endian machine, such as x86 or ARM.");
    }
  }

  private static Map<String, View> stateDict(Object root) throws FormatException {
    if (!(root instanceof Dict dict)) {
      throw notPlain("it holds no dict");
    }
    Object model = dict.items().get(NESTED);
    Map<Object, Object> items = model instanceof Dict nested ? nested.items() : dict.items();
    Map<String, View> views = new LinkedHashMap<>();
    for (Map.Entry<Object, Object> item : items.entrySet()) {
      if (!(item.getKey() instanceof String name)) {
        throw notPlain("a key of the dict is " + item.getKey() + ", not a name");
      }
      if (!(item.getValue() instanceof View view)) {
        throw notPlain("the value of " + FormatException.quoted(name) + " is no tensor");
      }
      views.put(name, view);
    }
    return views;
  }

  private static FormatException notPlain(String why) {
    return FormatException.refused(
        "It is no state dict of tensors: " + why,
        "Save the weights alone: torch.save(model.state_dict(), FILE). A checkpoint with the state"
            + " dict under the key '"
            + NESTED
            + "' is read as well.");
  }

  private static void checkStorage(StoredZip zip, String folder, Storage storage)
      throws FormatException {
    long size = zip.size(entry(folder, storage));
    long bytes = storage.type().bytes();
    if (size / bytes != storage.elements() || size % bytes != 0) {
      throw FormatException.damaged(
          "The storage %s has %d bytes, which are not %d elements of type %s"
              .formatted(
                  FormatException.quoted(storage.key()), size, storage.elements(), storage.type()));
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
  float[] values(String name) throws IOException, FormatException {
    View view = views.get(name);
    if (view == null) {
      throw new IllegalArgumentException(name);
    }
    Storage storage = view.storage();
    if (!storage.key().equals(lastKey)) {
      lastStorage = zip.bytes(entry(folder, storage));
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
