package dev.atrous.runtime.weights;

import dev.atrous.runtime.weights.PickleValues.Dict;
import dev.atrous.runtime.weights.PickleValues.Global;
import dev.atrous.runtime.weights.PickleValues.Instance;
import dev.atrous.runtime.weights.PickleValues.None;
import dev.atrous.runtime.weights.PickleValues.Sequence;
import dev.atrous.runtime.weights.PickleValues.Tuple;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pickle as data. A pickle is a program for a stack machine that may import and call
 * anything; this machine only notes what would be called. {@link Globals} knows the few names that
 * tensors are made of; what any other name would make is an {@link Instance}, of which the name and
 * the attributes are kept. Nothing is ever called.
 *
 * <p>Everything is bounded by the length of the pickle: each operation pushes at most one small
 * value, nothing is allocated by a size that the pickle claims, and no method recurses over the
 * values.
 */
final class PickleReader {
  /** What the pickle refers to by name. */
  interface Globals {
    /**
     * What calling a name gives; empty if it is none of those that are known.
     *
     * @throws FormatException if it is known and called in another way than tensors need
     */
    @Nullable Object call(String name, List<Object> arguments) throws FormatException;

    /** What a persistent id, the pickle's reference to something outside of it, stands for. */
    Object persistent(Object id) throws FormatException;
  }

  private final ByteBuffer data;
  private final Globals globals;
  private final List<Object> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Long, Object> memo = new HashMap<>();

  private PickleReader(ByteBuffer data, Globals globals) {
    this.data = data;
    this.globals = globals;
  }

  /**
   * The value of a pickle; leaves the position of the buffer behind it.
   *
   * @throws FormatException if it is damaged
   */
  static Object read(ByteBuffer data, Globals globals) throws FormatException {
    ByteBuffer pickle = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    try {
      Object value = new PickleReader(pickle, globals).run();
      data.position(pickle.position());
      return value;
    } catch (BufferUnderflowException e) {
      throw FormatException.damaged("Its pickle is cut off");
    }
  }

  private static String kind(Object value) {
    return value instanceof Instance instance
        ? instance.what()
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
      case READONLY_BUFFER, STOP -> {}
      case MARK -> marks.add(stack.size());
      case DUP -> stack.add(top());
      case POP -> popOrUnmark();
      case POP_MARK -> poppedToMark();
      case PUT, BINPUT, LONG_BINPUT, MEMOIZE -> memo.put(memoIndex(opcode), top());
      case GET, BINGET, LONG_BINGET -> stack.add(remembered(memoIndex(opcode)));
      case APPEND -> append(List.of(pop()));
      case APPENDS, ADDITEMS -> append(poppedToMark());
      case SETITEM -> setItems(popped(2));
      case SETITEMS -> setItems(poppedToMark());
      case BUILD -> build();
      case REDUCE, NEWOBJ, NEWOBJ_EX, INST, OBJ -> stack.add(call(opcode));
      default -> stack.add(value(opcode));
    }
  }

  private static void checkProtocol(byte version) throws FormatException {
    if (version < 0 || version > 5) {
      throw FormatException.damaged("Its pickle has the protocol " + version + ", not 0 to 5");
    }
  }

  /** The value that an operation pushes which takes nothing else than values. */
  private Object value(PickleOpcode opcode) throws FormatException {
    return switch (opcode) {
      case EMPTY_LIST -> new Sequence();
      case EMPTY_DICT -> new Dict();
      case EMPTY_TUPLE -> new Tuple(List.of());
      case EMPTY_SET -> new Instance("set");
      case TUPLE1 -> new Tuple(popped(1));
      case TUPLE2 -> new Tuple(popped(2));
      case TUPLE3 -> new Tuple(popped(3));
      case TUPLE -> new Tuple(poppedToMark());
      case FROZENSET -> {
        poppedToMark();
        yield new Instance("frozenset");
      }
      case LIST -> {
        Sequence list = new Sequence();
        list.addAll(poppedToMark());
        yield list;
      }
      case DICT -> {
        List<Object> keysAndValues = poppedToMark();
        Dict dict = new Dict();
        putAll(dict, keysAndValues);
        yield dict;
      }
      case GLOBAL -> global(line(), line());
      case STACK_GLOBAL -> {
        String name = expect(String.class, pop());
        yield global(expect(String.class, pop()), name);
      }
      case PERSID -> globals.persistent(line());
      case BINPERSID -> globals.persistent(pop());
      default -> constant(opcode);
    };
  }

  private Object constant(PickleOpcode opcode) throws FormatException {
    return switch (opcode) {
      case NONE -> None.NONE;
      case NEWTRUE -> true;
      case NEWFALSE -> false;
      case BININT -> (long) data.getInt();
      case BININT1 -> (long) Byte.toUnsignedInt(data.get());
      case BININT2 -> (long) Short.toUnsignedInt(data.getShort());
      case LONG1 -> integer(Byte.toUnsignedInt(data.get()));
      case LONG4 -> integer(Integer.toUnsignedLong(data.getInt()));
      case INT, LONG -> integer(line());
      case BINFLOAT -> Double.longBitsToDouble(Long.reverseBytes(data.getLong())); // big-endian
      case FLOAT -> decimal(line());
      case BINUNICODE, BINSTRING -> text(Integer.toUnsignedLong(data.getInt()));
      case SHORT_BINUNICODE, SHORT_BINSTRING -> text(Byte.toUnsignedInt(data.get()));
      case BINUNICODE8 -> text(data.getLong());
      case UNICODE -> line();
      case STRING -> unquoted(line());
      case BINBYTES -> skipped(Integer.toUnsignedLong(data.getInt()), "bytes");
      case SHORT_BINBYTES -> skipped(Byte.toUnsignedInt(data.get()), "bytes");
      case BINBYTES8 -> skipped(data.getLong(), "bytes");
      case BYTEARRAY8 -> skipped(data.getLong(), "bytearray");
      case NEXT_BUFFER -> new Instance("buffer");
      case EXT1 -> skipped(1, "extension");
      case EXT2 -> skipped(2, "extension");
      case EXT4 -> skipped(4, "extension");
      default -> throw new IllegalStateException(opcode + " has no rule");
    };
  }

  /** A whole number in two's complement, the lowest byte first; a Long if it is one. */
  private Object integer(long size) throws FormatException {
    if (size == 0) {
      return 0L;
    }
    ByteBuffer bytes = taken(size, "a number");
    byte[] reversed = new byte[bytes.remaining()];
    for (int i = reversed.length - 1; i >= 0; i--) {
      reversed[i] = bytes.get();
    }
    BigInteger value = new BigInteger(reversed);
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  /** A whole number in digits; Python 2 marks long ones and writes 00 and 01 for booleans. */
  private static Object integer(String digits) throws FormatException {
    if (digits.equals("00") || digits.equals("01")) {
      return digits.equals("01");
    }
    try {
      return Long.parseLong(
          digits.endsWith("L") ? digits.substring(0, digits.length() - 1) : digits);
    } catch (NumberFormatException e) {
      throw FormatException.damaged(
          "Its pickle has " + FormatException.quoted(digits) + " for a number");
    }
  }

  private static Double decimal(String digits) throws FormatException {
    try {
      return Double.valueOf(digits);
    } catch (NumberFormatException e) {
      throw FormatException.damaged(
          "Its pickle has " + FormatException.quoted(digits) + " for a number");
    }
  }

  private Instance skipped(long size, String what) throws FormatException {
    taken(size, what);
    return new Instance(what);
  }

  /** The next bytes of the pickle. */
  private ByteBuffer taken(long size, String what) throws FormatException {
    if (size < 0 || size > data.remaining()) {
      throw FormatException.damaged("Its pickle has " + what + " longer than itself");
    }
    ByteBuffer bytes = data.slice(data.position(), (int) size);
    data.position(data.position() + (int) size);
    return bytes;
  }

  /** UTF-8, or what Python 2 had in its strings. */
  private String text(long size) throws FormatException {
    ByteBuffer bytes = taken(size, "a text");
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
    } catch (CharacterCodingException e) {
      return StandardCharsets.ISO_8859_1.decode(bytes).toString();
    }
  }

  /** Text up to the end of the line. */
  private String line() throws FormatException {
    int begin = data.position();
    int size = 0;
    while (data.get() != '\n') {
      size++;
    }
    int end = data.position();
    data.position(begin);
    String text = text(size);
    data.position(end);
    return text;
  }

  private static String unquoted(String text) {
    return text.length() < 2 ? text : text.substring(1, text.length() - 1);
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

  /** Drops the top: a value, or the mark if that is there. */
  private void popOrUnmark() throws FormatException {
    if (!marks.isEmpty() && stack.size() == bottom()) {
      marks.remove(marks.size() - 1);
    } else {
      pop();
    }
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

  /** Where an operation keeps a value or takes it from. */
  private long memoIndex(PickleOpcode opcode) throws FormatException {
    return switch (opcode) {
      case BINPUT, BINGET -> Byte.toUnsignedInt(data.get());
      case LONG_BINPUT, LONG_BINGET -> Integer.toUnsignedLong(data.getInt());
      case MEMOIZE -> memo.size();
      default -> expect(Long.class, integer(line()));
    };
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

  private void append(List<Object> values) throws FormatException {
    Object list = top();
    if (list instanceof Sequence sequence) {
      sequence.addAll(values);
    } else {
      expect(Instance.class, list); // what is in it does not matter
    }
  }

  private void setItems(List<Object> keysAndValues) throws FormatException {
    if (top() instanceof Dict dict) {
      putAll(dict, keysAndValues);
    } else {
      expect(Instance.class, top());
    }
  }

  private static void putAll(Dict dict, List<Object> keysAndValues) throws FormatException {
    if (keysAndValues.size() % 2 != 0) {
      throw FormatException.damaged("Its pickle has a dict key without a value");
    }
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      dict.put(keysAndValues.get(i), keysAndValues.get(i + 1));
    }
  }

  private static Global global(String module, String name) {
    return new Global(module + "." + name);
  }

  /** What an operation would make by a call. */
  private Object call(PickleOpcode opcode) throws FormatException {
    if (opcode == PickleOpcode.INST) {
      Global global = global(line(), line());
      return made(global, poppedToMark());
    }
    if (opcode == PickleOpcode.OBJ) {
      List<Object> values = poppedToMark();
      if (values.isEmpty()) {
        throw FormatException.damaged("Its pickle takes a value that is not there");
      }
      return made(values.get(0), values.subList(1, values.size()));
    }
    if (opcode == PickleOpcode.NEWOBJ_EX) {
      pop(); // arguments by name, which nothing that is known has
    }
    Object arguments = pop();
    Object callable = pop();
    return made(callable, arguments instanceof Tuple tuple ? tuple.items() : List.of(arguments));
  }

  private Object made(Object callable, List<Object> arguments) throws FormatException {
    if (callable instanceof Instance instance) {
      return new Instance(instance.what()); // what a call gave is called
    }
    String name = expect(Global.class, callable).name();
    Object known = globals.call(name, arguments);
    return known == null ? new Instance(name) : known;
  }

  /**
   * Sets attributes in Python: of a state dict its version numbers, of an object all that it has.
   * Tensors and what they are made of have none that matter.
   */
  private void build() throws FormatException {
    Object state = pop();
    Object object = top();
    if (object instanceof Instance instance) {
      if (state instanceof Tuple pair && pair.items().size() == 2) {
        state = pair.items().get(0); // the other are __slots__
      }
      instance.setAttributes(state instanceof Dict dict ? dict : null);
    } else if (!(object instanceof Dict || object instanceof Sequence)) {
      throw FormatException.damaged("Its pickle sets attributes of a " + kind(object));
    }
  }
}
