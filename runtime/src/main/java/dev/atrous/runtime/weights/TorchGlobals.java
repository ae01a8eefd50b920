package dev.atrous.runtime.weights;

import dev.atrous.runtime.weights.PickleReader.Dict;
import dev.atrous.runtime.weights.PickleReader.Global;
import dev.atrous.runtime.weights.PickleReader.Opaque;
import dev.atrous.runtime.weights.PickleReader.Tuple;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The names that a pickle of {@code torch.save} may use, and what they stand for. A tensor is
 * {@code _rebuild_tensor_v2(storage, offset, size, stride, ...)}, a storage the persistent id
 * {@code ("storage", type, key, location, elements)}.
 */
final class TorchGlobals implements PickleReader.Globals {
  private static final String ORDERED_DICT = "collections.OrderedDict";
  private static final String TENSOR = "torch._utils._rebuild_tensor_v2";

  /** The options of a training program, in checkpoints of torchvision's reference scripts. */
  private static final String NAMESPACE = "argparse.Namespace";

  private static final Map<String, ElementType> STORAGES =
      Map.of(
          "torch.FloatStorage", ElementType.FLOAT32,
          "torch.HalfStorage", ElementType.FLOAT16,
          "torch.BFloat16Storage", ElementType.BFLOAT16,
          "torch.DoubleStorage", ElementType.FLOAT64,
          "torch.LongStorage", ElementType.INT64,
          "torch.IntStorage", ElementType.INT32,
          "torch.ShortStorage", ElementType.INT16,
          "torch.CharStorage", ElementType.INT8,
          "torch.ByteStorage", ElementType.UINT8,
          "torch.BoolStorage", ElementType.BOOL);

  /** A run of elements: the entry {@code data/KEY} of the archive. */
  record Storage(ElementType type, String key, long elements) {}

  /**
   * A view of a storage, in elements.
   *
   * @param elements how many it has
   */
  record View(Storage storage, long offset, List<Long> sizes, List<Long> strides, int elements) {}

  @Override
  public boolean knows(String name) {
    return STORAGES.containsKey(name)
        || name.equals(ORDERED_DICT)
        || name.equals(TENSOR)
        || name.equals(NAMESPACE);
  }

  @Override
  public Object call(String name, List<Object> arguments) throws FormatException {
    switch (name) {
      case TENSOR -> {
        return tensor(arguments);
      }
      case ORDERED_DICT, NAMESPACE -> {
        if (arguments.isEmpty()) {
          return name.equals(NAMESPACE) ? new Opaque(NAMESPACE) : new Dict();
        }
      }
      default -> {} // a type of storage is an argument, it is not called
    }
    throw FormatException.damaged("Its pickle calls " + name + " in an unknown way");
  }

  @Override
  public Object persistent(Object id) throws FormatException {
    if (id instanceof Tuple tuple
        && tuple.items().size() == 5
        && "storage".equals(tuple.items().get(0))
        && tuple.items().get(1) instanceof Global type
        && tuple.items().get(2) instanceof String key
        && tuple.items().get(4) instanceof Long elements) {
      ElementType elementType = STORAGES.get(type.name());
      if (elementType != null && elements >= 0) {
        return new Storage(elementType, key, elements);
      }
    }
    throw FormatException.damaged("Its pickle refers to a storage in an unknown way");
  }

  private static View tensor(List<Object> arguments) throws FormatException {
    if (arguments.size() >= 6
        && arguments.size() <= 7
        && arguments.get(0) instanceof Storage storage
        && arguments.get(1) instanceof Long offset
        && arguments.get(2) instanceof Tuple sizes
        && arguments.get(3) instanceof Tuple strides
        && sizes.items().size() == strides.items().size()
        && hasNoMetadata(arguments)) {
      List<Long> size = numbers(sizes);
      List<Long> stride = numbers(strides);
      View view = new View(storage, offset, size, stride, TensorFile.elements(size));
      checkBounds(view);
      return view;
    }
    throw FormatException.damaged("Its pickle makes a tensor in an unknown way");
  }

  /** Metadata would say that the values are to be negated or conjugated. */
  private static boolean hasNoMetadata(List<Object> arguments) {
    return arguments.size() < 7 || (arguments.get(6) instanceof Dict d && d.items().isEmpty());
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
   * That a view lies in its storage and none of its elements is another's: dimensions, from the
   * smallest stride to the largest, step over all that the smaller ones reach. Then it has at most
   * as many elements as the storage.
   */
  private static void checkBounds(View view) throws FormatException {
    if (view.offset() < 0 || view.offset() > view.storage().elements()) {
      throw outside(view);
    }
    if (view.elements() == 0) {
      return;
    }
    List<Integer> axes =
        IntStream.range(0, view.sizes().size())
            .filter(axis -> view.sizes().get(axis) > 1)
            .boxed()
            .sorted(Comparator.comparing(axis -> view.strides().get(axis)))
            .toList();
    long available = view.storage().elements() - view.offset();
    long reached = 1; // elements from the first to the last of the smaller dimensions
    for (int axis : axes) {
      long stride = view.strides().get(axis);
      long steps = view.sizes().get(axis) - 1;
      if (stride < reached) {
        throw FormatException.damaged("A tensor of " + view.sizes() + " has elements that overlap");
      }
      if (stride > available / steps) {
        throw outside(view);
      }
      reached += steps * stride;
    }
    if (reached > available) {
      throw outside(view);
    }
  }

  private static FormatException outside(View view) {
    return FormatException.damaged(
        "A tensor of %s lies outside of its storage of %d elements"
            .formatted(view.sizes(), view.storage().elements()));
  }
}
