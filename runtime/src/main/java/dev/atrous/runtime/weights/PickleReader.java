package dev.atrous.runtime.weights;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads a pickle as data. A pickle is a program for a stack machine that may import and call
 * anything; this machine has the operations for dicts, tuples, strings and numbers alone. What a
 * pickle names with {@code module.name} must be known to {@link Globals}, which is told what it is
 * called with and returns a value. Nothing else is ever called.
 *
 * <p>Lists and what {@link Globals} makes {@link Opaque} hold no weights: their contents are read
 * and dropped. Everything is bounded by the length of the pickle: each operation pushes at most one
 * small value, nothing is allocated by a size that the pickle claims, and no method recurses over
 * the values.
 */
final class PickleReader {
  /** What the pickle refers to by name. */
  interface Globals {
    /** Whether the name, {@code module.name}, may occur at all. */
    boolean knows(String name);

    /** What calling it gives. */
    Object call(String name, List<Object> arguments) throws FormatException;

    /** What a persistent id, the pickle's reference to something outside of it, stands for. */
    Object persistent(Object id) throws FormatException;
  }

  /** Python's None. */
  enum None {
    NONE
  }

  /** A class or function by name. */
  record Global(String name) {}

  /** A tuple. */
  record Tuple(List<Object> items) {}

  /** Something whose contents do not matter: a list, a program's options. */
  record Opaque(String what) {}

  /** A dict, ordered or not. */
  static final class Dict {
    private Map<Object, Object> items = Map.of(); // most dicts of hostile files remain empty

    Map<Object, Object> items() {
      return items;
    }

    /** Keys have hash codes that need no recursion. */
    private void put(Object key, Object value) throws FormatException {
      if (!(key instanceof String
          || key instanceof Long
          || key instanceof Double
          || key instanceof Boolean
          || key instanceof None)) {
        throw refused("a dict with a " + kind(key) + " for a key");
      }
      if (items.isEmpty()) {
        items = new LinkedHashMap<>();
      }
      items.put(key, value);
    }
  }

  private final ByteBuffer data;
  private final Globals globals;
  private final List<Object> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Long, Object> memo = new HashMap<>();

  private PickleReader(ByteBuffer data, Globals globals) {
    this.data = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.globals = globals;
  }

  /**
   * The value of a pickle.
   *
   * @throws FormatException if it is damaged or does more than to describe data; the message names
   *     the operation or the global
   */
  static Object read(ByteBuffer data, Globals globals) throws FormatException {
    try {
      return new PickleReader(data, globals).run();
    } catch (BufferUnderflowException e) {
      throw FormatException.damaged("Its pickle is cut off");
    }
  }

  private static FormatException refused(String what) {
    return FormatException.refused(
        "Its pickle has " + what + ", which a state dict of tensors does not need",
        "Nothing of it was executed. Save the weights alone: torch.save(model.state_dict(), FILE)"
            + " or safetensors.torch.save_file(model.state_dict(), FILE).");
  }

  private static String kind(Object value) {
    return value instanceof Opaque opaque
        ? opaque.what()
        : value.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  private Object run() throws FormatException {
    while (true) {
      byte code = data.get();
      PickleOpcode opcode = PickleOpcode.of(code);
      if (opcode == null) {
        throw FormatException.damaged(
            "Its pickle has the byte 0x%02x, which is no operation".formatted(code));
      }
      if (opcode == PickleOpcode.STOP) {
        Object value = pop();
        if (!stack.isEmpty() || !marks.isEmpty()) {
          throw FormatException.damaged("Its pickle ends with more than one value");
        }
        return value;
      }
      perform(opcode);
    }
  }

  private void perform(PickleOpcode opcode) throws FormatException {
    switch (opcode) {
      case PROTO -> checkProtocol(data.get());
      case FRAME -> data.getLong(); // a hint for reading ahead
      case MARK -> marks.add(stack.size());
      case NONE, NEWTRUE, NEWFALSE, BININT, BININT1, BININT2, LONG1, BINFLOAT -> constant(opcode);
      case BINUNICODE -> stack.add(text(Integer.toUnsignedLong(data.getInt())));
      case SHORT_BINUNICODE -> stack.add(text(Byte.toUnsignedInt(data.get())));
      case BINUNICODE8 -> stack.add(text(data.getLong()));
      case EMPTY_LIST -> stack.add(new Opaque("list"));
      case EMPTY_DICT -> stack.add(new Dict());
      case EMPTY_TUPLE -> stack.add(new Tuple(List.of()));
      case TUPLE1 -> stack.add(new Tuple(popped(1)));
      case TUPLE2 -> stack.add(new Tuple(popped(2)));
      case TUPLE3 -> stack.add(new Tuple(popped(3)));
      case TUPLE -> stack.add(new Tuple(poppedToMark()));
      case APPEND -> fill(List.of(pop()));
      case APPENDS -> fill(poppedToMark());
      case SETITEM -> setItems(popped(2));
      case SETITEMS -> setItems(poppedToMark());
      case BINPUT -> memo.put((long) Byte.toUnsignedInt(data.get()), top());
      case LONG_BINPUT -> memo.put(Integer.toUnsignedLong(data.getInt()), top());
      case MEMOIZE -> memo.put((long) memo.size(), top());
      case BINGET -> stack.add(remembered(Byte.toUnsignedInt(data.get())));
      case LONG_BINGET -> stack.add(remembered(Integer.toUnsignedLong(data.getInt())));
      case GLOBAL -> addGlobal(line(), line());
      case STACK_GLOBAL -> {
        String name = expect(String.class, pop());
        addGlobal(expect(String.class, pop()), name);
      }
      case REDUCE, NEWOBJ -> call();
      case BUILD -> build();
      case BINPERSID -> stack.add(globals.persistent(pop()));
      default -> throw refused("the operation " + opcode);
    }
  }

  private static void checkProtocol(byte version) throws FormatException {
    if (version < 2 || version > 5) {
      throw FormatException.damaged("Its pickle has the protocol " + version + ", not 2 to 5");
    }
  }

  private void constant(PickleOpcode opcode) throws FormatException {
    stack.add(
        switch (opcode) {
          case NONE -> None.NONE;
          case NEWTRUE -> true;
          case NEWFALSE -> false;
          case BININT -> (long) data.getInt();
          case BININT1 -> (long) Byte.toUnsignedInt(data.get());
          case BININT2 -> (long) Short.toUnsignedInt(data.getShort());
          case LONG1 -> smallLong(Byte.toUnsignedInt(data.get()));
          default -> Double.longBitsToDouble(Long.reverseBytes(data.getLong())); // big-endian
        });
  }

  /** A number in two's complement of so many bytes, the lowest first. */
  private long smallLong(int size) throws FormatException {
    if (size > Long.BYTES) {
      throw refused("a number of " + size + " bytes");
    }
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= Byte.toUnsignedLong(data.get()) << (Byte.SIZE * i);
    }
    int unused = Long.SIZE - Byte.SIZE * size;
    return size == 0 ? 0 : value << unused >> unused;
  }

  private String text(long size) throws FormatException {
    if (size < 0 || size > data.remaining()) {
      throw FormatException.damaged("Its pickle has a text longer than itself");
    }
    ByteBuffer bytes = data.slice(data.position(), (int) size);
    data.position(data.position() + (int) size);
    return decoded(bytes);
  }

  private static String decoded(ByteBuffer bytes) throws FormatException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw FormatException.damaged("Its pickle has a text that is not UTF-8");
    }
  }

  /** Text up to the end of the line. */
  private String line() throws FormatException {
    int begin = data.position();
    int size = 0;
    while (data.get() != '\n') {
      size++;
    }
    return decoded(data.slice(begin, size));
  }

  private Object top() throws FormatException {
    if (stack.size() <= bottom()) {
      throw FormatException.damaged("Its pickle takes a value that is not there");
    }
    return stack.get(stack.size() - 1);
  }

  /** Where values may be taken down to: the last mark. */
  private int bottom() {
    return marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
  }

  private Object pop() throws FormatException {
    Object value = top();
    stack.remove(stack.size() - 1);
    return value;
  }

  private List<Object> popped(int count) throws FormatException {
    if (stack.size() - bottom() < count) {
      throw FormatException.damaged("Its pickle takes a value that is not there");
    }
    return popFrom(stack.size() - count);
  }

  private List<Object> poppedToMark() throws FormatException {
    if (marks.isEmpty()) {
      throw FormatException.damaged("Its pickle takes a value that is not there");
    }
    return popFrom(marks.remove(marks.size() - 1));
  }

  private List<Object> popFrom(int begin) {
    List<Object> above = stack.subList(begin, stack.size());
    List<Object> values = List.copyOf(above);
    above.clear();
    return values;
  }

  private Object remembered(long index) throws FormatException {
    Object value = memo.get(index);
    if (value == null) {
      throw FormatException.damaged("Its pickle refers to a value that it did not keep");
    }
    return value;
  }

  private static <T> T expect(Class<T> type, Object value) throws FormatException {
    if (!type.isInstance(value)) {
      throw FormatException.damaged(
          "Its pickle has a " + kind(value) + " where a " + type.getSimpleName() + " belongs");
    }
    return type.cast(value);
  }

  private void fill(List<Object> dropped) throws FormatException {
    if (!(top() instanceof Opaque)) {
      throw FormatException.damaged(
          "Its pickle appends " + dropped.size() + " values to a " + kind(top()));
    }
  }

  private void setItems(List<Object> keysAndValues) throws FormatException {
    Dict dict = expect(Dict.class, top());
    if (keysAndValues.size() % 2 != 0) {
      throw FormatException.damaged("Its pickle has a dict key without a value");
    }
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      dict.put(keysAndValues.get(i), keysAndValues.get(i + 1));
    }
  }

  private void addGlobal(String module, String name) throws FormatException {
    String full = module + "." + name;
    if (!globals.knows(full)) {
      throw refused("the global " + FormatException.quoted(full));
    }
    stack.add(new Global(full));
  }

  private void call() throws FormatException {
    Tuple arguments = expect(Tuple.class, pop());
    Global global = expect(Global.class, pop());
    stack.add(globals.call(global.name(), arguments.items()));
  }

  /** Sets attributes in Python: of a state dict its version numbers, of options everything. */
  private void build() throws FormatException {
    pop();
    if (!(top() instanceof Dict || top() instanceof Opaque)) {
      throw refused("the operation BUILD on a " + kind(top()));
    }
  }
}
