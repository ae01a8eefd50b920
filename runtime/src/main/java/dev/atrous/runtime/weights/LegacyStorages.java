package dev.atrous.runtime.weights;

import dev.atrous.runtime.weights.PickleValues.Dict;
import dev.atrous.runtime.weights.PickleValues.Sequence;
import dev.atrous.runtime.weights.TorchGlobals.Storage;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The file that {@code torch.save} wrote before PyTorch 1.6: five pickles one behind the other (a
 * magic number, the version of the format, facts of the machine, the object, the keys of the
 * storages), then the storages in the order of their keys, each its number of elements in 64 bits
 * and the elements, little-endian.
 */
final class LegacyStorages implements TorchFile.Storages {
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long VERSION = 1001;

  private final FileBytes file;
  private final Map<String, Long> begins = new HashMap<>();

  private LegacyStorages(FileBytes file) {
    this.file = file;
  }

  /**
   * The object of a file; leaves the position of its beginning in front of the keys.
   *
   * @param start of the file, as much as pickles may have
   * @param size of the whole file
   */
  static Object root(ByteBuffer start, TorchGlobals globals, long size) throws FormatException {
    if (!MAGIC.equals(PickleReader.read(start, new TorchGlobals()))) {
      throw FormatException.refused(
          "It is a pickle, but not one of torch.save",
          "Give a .pth, .pt or .safetensors file of weights.");
    }
    Object version = PickleReader.read(start, new TorchGlobals());
    if (!version.equals(VERSION)) {
      throw FormatException.damaged("It has the version " + shown(version) + ", not " + VERSION);
    }
    if (!(PickleReader.read(start, new TorchGlobals()) instanceof Dict)) {
      throw FormatException.damaged("It does not say on which machine it was written");
    }
    try {
      return PickleReader.read(start, globals);
    } catch (FormatException e) {
      if (!start.hasRemaining() && size > start.limit()) {
        throw TorchFile.largePickle("Its pickle has more than " + start.limit() + " bytes");
      }
      throw e;
    }
  }

  private static String shown(Object value) {
    return value instanceof Long ? value.toString() : "of another kind";
  }

  /** The keys of the storages in their order; leaves the position in front of the first storage. */
  static List<Object> keys(ByteBuffer start) throws FormatException {
    if (PickleReader.read(start, new TorchGlobals()) instanceof Sequence keys) {
      return keys.items();
    }
    throw FormatException.damaged("It has no list of storages");
  }

  /**
   * Finds the storages.
   *
   * @param begin of the first
   * @param globals which storages the object refers to
   */
  static LegacyStorages locate(FileBytes file, List<Object> keys, long begin, TorchGlobals globals)
      throws IOException, FormatException {
    LegacyStorages storages = new LegacyStorages(file);
    long at = begin;
    for (Object item : keys) {
      String key = String.valueOf(item instanceof Long || item instanceof String ? item : "");
      String named = "The storage " + FormatException.quoted(key);
      Storage storage = globals.storages().get(key);
      if (storage == null) {
        throw FormatException.damaged(named + " is of no tensor that is known");
      }
      long elements = file.read(at, Long.BYTES).getLong();
      if (elements != storage.total()) {
        throw FormatException.damaged(
            "%s has %d elements, and its tensors say %d"
                .formatted(named, elements, storage.total()));
      }
      at += Long.BYTES;
      if (elements > (file.size() - at) / storage.type().bytes()) {
        throw FormatException.damaged(named + " reaches beyond the end of the file");
      }
      if (storages.begins.put(key, at) != null) {
        throw FormatException.damaged(named + " is there twice");
      }
      at += elements * storage.type().bytes();
    }
    return storages;
  }

  /** That there is a storage. */
  void check(Storage storage) throws FormatException {
    if (!begins.containsKey(storage.key())) {
      throw FormatException.damaged(
          "The storage " + FormatException.quoted(storage.key()) + " is not in the file");
    }
  }

  @Override
  public ByteBuffer bytes(Storage storage) throws IOException, FormatException {
    Long begin = begins.get(storage.key());
    if (begin == null) {
      throw new IllegalArgumentException(storage.key());
    }
    return file.read(begin, storage.total() * storage.type().bytes());
  }
}
