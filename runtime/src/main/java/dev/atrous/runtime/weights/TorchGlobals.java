package dev.atrous.runtime.weights;

import dev.atrous.runtime.weights.PickleValues.Dict;
import dev.atrous.runtime.weights.PickleValues.Global;
import dev.atrous.runtime.weights.PickleValues.Instance;
import dev.atrous.runtime.weights.PickleValues.None;
import dev.atrous.runtime.weights.PickleValues.Sequence;
import dev.atrous.runtime.weights.PickleValues.Tuple;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The names in a pickle of {@code torch.save} that tensors are made of, and the storages that it
 * refers to. A tensor is {@code _rebuild_tensor_v2(storage, offset, size, stride, ...)}, perhaps
 * inside of other calls, a storage the persistent id {@code ("storage", type, key, location,
 * elements)}.
 */
final class TorchGlobals implements PickleReader.Globals {
  private static final int MOST_DIMENSIONS = 64; // PyTorch's own limit

  /** Names of programs that do harm where a pickle is loaded. */
  private static final Pattern HARMFUL =
      Pattern.compile(
          "(os|posix|nt)\\.(system|popen|exec|spawn|startfile|fork|kill|remove|unlink|rm).*"
              + "|(subprocess|pty|runpy|ctypes|shutil|socket|webbrowser)\\..*"
              + "|importlib\\.(import_module|__import__)"
              + "|(builtins|__builtin__|__builtins__)\\.(eval|exec|execfile|compile|open|__import__)");

  private static final Map<String, ElementType> STORAGES =
      Map.ofEntries(
          Map.entry("FloatStorage", ElementType.FLOAT32),
          Map.entry("HalfStorage", ElementType.FLOAT16),
          Map.entry("BFloat16Storage", ElementType.BFLOAT16),
          Map.entry("DoubleStorage", ElementType.FLOAT64),
          Map.entry("LongStorage", ElementType.INT64),
          Map.entry("IntStorage", ElementType.INT32),
          Map.entry("ShortStorage", ElementType.INT16),
          Map.entry("CharStorage", ElementType.INT8),
          Map.entry("ByteStorage", ElementType.UINT8),
          Map.entry("BoolStorage", ElementType.BOOL),
          Map.entry("ComplexFloatStorage", ElementType.COMPLEX64),
          Map.entry("ComplexDoubleStorage", ElementType.COMPLEX128),
          Map.entry("QInt8Storage", ElementType.QINT8),
          Map.entry("QUInt8Storage", ElementType.QUINT8),
          Map.entry("QInt32Storage", ElementType.QINT32),
          Map.entry("storage.UntypedStorage", ElementType.UINT8)); // bytes of newer types

  /**
   * A run of elements in a file.
   *
   * @param key names it in the file
   * @param total how many elements it has
   */
  record Storage(ElementType type, String key, long total) {}

  /**
   * A part of a storage, which a pickle can give a tensor in place of the whole.
   *
   * @param begin its first element in the storage
   */
  private record Part(Storage storage, long begin, long elements) {}

  /**
   * A view of a storage, in elements.
   *
   * @param offset of its first element in the storage
   * @param elements how many it has
   */
  record View(Storage storage, long offset, List<Long> sizes, List<Long> strides, int elements) {}

  private final Map<String, Storage> storages = new LinkedHashMap<>();

  /** All storages that the pickle refers to, by their keys. */
  Map<String, Storage> storages() {
    return storages;
  }

  @Override
  public @Nullable Object call(String name, List<Object> arguments) throws FormatException {
    if (HARMFUL.matcher(name).matches()) {
      throw FormatException.refused(
          "Its pickle calls " + FormatException.quoted(name) + ", which no weights need",
          "A program that loads the file in the usual way would run that. Nothing of it was"
              + " executed here. Get the weights from a place that you trust.");
    }
    return switch (name) {
      case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor" -> tensor(arguments);
      case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state" ->
          first(name, arguments);
      case "torch._tensor._rebuild_from_type_v2" -> ofSubclass(name, arguments);
      case "collections.OrderedDict", "collections.defaultdict" -> dict(name, arguments);
      default -> {
        if (storageType(name) != null) { // an argument, it is not called
          throw unknownWay(name);
        }
        yield null;
      }
    };
  }

  private static FormatException unknownWay(String name) {
    return FormatException.damaged("Its pickle calls " + name + " in an unknown way");
  }

  private static @Nullable ElementType storageType(String global) {
    return global.startsWith("torch.")
        ? STORAGES.get(global.substring(global.startsWith("torch.cuda.") ? 11 : 6))
        : null;
  }

  /** A parameter is its tensor. */
  private static Object first(String name, List<Object> arguments) throws FormatException {
    if (arguments.size() >= 2 && (arguments.get(0) instanceof View v)) {
      return v;
    }
    if (arguments.size() >= 2 && arguments.get(0) instanceof Instance instance) {
      return instance; // of a kind of tensor that is not known
    }
    throw unknownWay(name);
  }

  /** {@code (function, class, arguments, state)}: a tensor with attributes, which are dropped. */
  private @Nullable Object ofSubclass(String name, List<Object> arguments) throws FormatException {
    if (arguments.size() == 4
        && arguments.get(0) instanceof Global function
        && arguments.get(2) instanceof Tuple inner) {
      return function.name().equals(name) ? null : call(function.name(), inner.items());
    }
    throw unknownWay(name);
  }

  /** Empty, or as Python 2 wrote it: a list of pairs. The factory of a default dict is dropped. */
  private static Dict dict(String name, List<Object> arguments) throws FormatException {
    Dict dict = new Dict();
    boolean hasFactory =
        name.endsWith("defaultdict")
            && arguments.size() == 1
            && !(arguments.get(0) instanceof Sequence);
    if (arguments.isEmpty() || hasFactory) {
      return dict;
    }
    if (arguments.size() != 1 || !(arguments.get(0) instanceof Sequence pairs)) {
      throw unknownWay(name);
    }
    for (Object item : pairs.items()) {
      List<Object> pair =
          item instanceof Sequence list
              ? list.items()
              : item instanceof Tuple tuple ? tuple.items() : List.of();
      if (pair.size() != 2) {
        throw unknownWay(name);
      }
      dict.put(pair.get(0), pair.get(1));
    }
    return dict;
  }

  @Override
  public Object persistent(Object id) throws FormatException {
    if (id instanceof Tuple module
        && module.items().size() == 4
        && "module".equals(module.items().get(0))) {
      return module.items().get(1); // a class; before PyTorch 1.6 its source stands behind it
    }
    if (id instanceof Tuple tuple
        && tuple.items().size() >= 5
        && tuple.items().size() <= 6
        && "storage".equals(tuple.items().get(0))
        && tuple.items().get(1) instanceof Global global
        && tuple.items().get(4) instanceof Long elements
        && elements >= 0) {
      ElementType type = storageType(global.name());
      if (type == null) {
        return new Instance(global.name());
      }
      String key = String.valueOf(tuple.items().get(2)); // a number in the first versions
      return part(storage(new Storage(type, key, elements)), tuple.items());
    }
    throw FormatException.damaged("Its pickle refers to a storage in an unknown way");
  }

  private Storage storage(Storage storage) throws FormatException {
    Storage before = storages.putIfAbsent(storage.key(), storage);
    if (before != null && !before.equals(storage)) {
      throw FormatException.damaged(
          "Its pickle has the storage %s as %d of %s and as %d of %s"
              .formatted(
                  FormatException.quoted(storage.key()),
                  before.total(),
                  before.type(),
                  storage.total(),
                  storage.type()));
    }
    return storage;
  }

  /** The sixth item, before PyTorch 1.6: {@code (key, offset, elements)} of a part, or None. */
  private static Part part(Storage storage, List<Object> id) throws FormatException {
    if (id.size() == 5 || id.get(5) instanceof None) {
      return new Part(storage, 0, storage.total());
    }
    if (id.get(5) instanceof Tuple metadata
        && metadata.items().size() == 3
        && metadata.items().get(1) instanceof Long begin
        && metadata.items().get(2) instanceof Long elements) {
      if (begin < 0 || elements < 0 || begin > storage.total() - elements) {
        throw FormatException.damaged(
            "Its pickle has a part of %d elements from %d of a storage of %d"
                .formatted(elements, begin, storage.total()));
      }
      return new Part(storage, begin, elements);
    }
    throw FormatException.damaged("Its pickle refers to a storage in an unknown way");
  }

  private static @Nullable Object tensor(List<Object> arguments) throws FormatException {
    if (arguments.size() >= 4
        && arguments.size() <= 7
        && arguments.get(1) instanceof Long offset
        && arguments.get(2) instanceof Tuple sizes
        && arguments.get(3) instanceof Tuple strides
        && sizes.items().size() == strides.items().size()
        && sizes.items().size() <= MOST_DIMENSIONS
        && hasNoMetadata(arguments)) {
      if (arguments.get(0) instanceof Instance) {
        return null; // of elements that are not known
      }
      if (arguments.get(0) instanceof Part part) {
        List<Long> size = numbers(sizes);
        List<Long> stride = numbers(strides);
        checkBounds(part, offset, size, stride, TensorFile.elements(size));
        return new View(
            part.storage(), part.begin() + offset, size, stride, TensorFile.elements(size));
      }
    }
    throw FormatException.damaged("Its pickle makes a tensor in an unknown way");
  }

  /** Metadata would say that the values are to be negated or conjugated. */
  private static boolean hasNoMetadata(List<Object> arguments) {
    return arguments.size() < 7
        || arguments.get(6) instanceof None
        || (arguments.get(6) instanceof Dict d && d.items().isEmpty());
  }

  private static List<Long> numbers(Tuple tuple) throws FormatException {
    List<Long> numbers = new ArrayList<>();
    for (Object item : tuple.items()) {
      if (!(item instanceof Long number)) {
        throw FormatException.damaged("Its pickle has a tensor whose shape is not of numbers");
      }
      numbers.add(number);
    }
    return numbers;
  }

  /**
   * That a view lies in its part of a storage and none of its elements is another's: dimensions,
   * from the smallest stride to the largest, step over all that the smaller ones reach. Then it has
   * at most as many elements as the storage.
   */
  private static void checkBounds(
      Part part, long offset, List<Long> sizes, List<Long> strides, int elements)
      throws FormatException {
    if (offset < 0 || offset > part.elements()) {
      throw outside(part, sizes);
    }
    if (elements == 0) {
      return;
    }
    List<Integer> axes =
        IntStream.range(0, sizes.size())
            .filter(axis -> sizes.get(axis) > 1)
            .boxed()
            .sorted(Comparator.comparing(strides::get))
            .toList();
    long available = part.elements() - offset;
    long reached = 1; // elements from the first to the last of the smaller dimensions
    for (int axis : axes) {
      long stride = strides.get(axis);
      long steps = sizes.get(axis) - 1;
      if (stride < reached) {
        throw FormatException.damaged("A tensor of " + sizes + " has elements that overlap");
      }
      if (stride > available / steps) {
        throw outside(part, sizes);
      }
      reached += steps * stride;
    }
    if (reached > available) {
      throw outside(part, sizes);
    }
  }

  private static FormatException outside(Part part, List<Long> sizes) {
    return FormatException.damaged(
        "A tensor of %s lies outside of its storage of %d elements"
            .formatted(sizes, part.elements()));
  }
}
