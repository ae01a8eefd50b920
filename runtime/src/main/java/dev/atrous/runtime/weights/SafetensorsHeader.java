package dev.atrous.runtime.weights;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses the header of a safetensors file. It is JSON, but no more of JSON than this:
 *
 * <pre>{@code
 * {"__metadata__": {"format": "pt"},
 *  "conv.weight": {"dtype": "F32", "shape": [64, 3, 7, 7], "data_offsets": [0, 37632]}}
 * }</pre>
 *
 * <p>The offsets are bytes behind the header, end exclusive. Spaces may follow, so that the values
 * are aligned. Anything else is an error, a name that occurs twice included.
 */
final class SafetensorsHeader {
  private static final String METADATA = "__metadata__";

  private static final Map<String, ElementType> TYPES =
      Map.ofEntries(
          Map.entry("F32", ElementType.FLOAT32),
          Map.entry("F16", ElementType.FLOAT16),
          Map.entry("BF16", ElementType.BFLOAT16),
          Map.entry("F64", ElementType.FLOAT64),
          Map.entry("I64", ElementType.INT64),
          Map.entry("I32", ElementType.INT32),
          Map.entry("I16", ElementType.INT16),
          Map.entry("I8", ElementType.INT8),
          Map.entry("U64", ElementType.UINT64),
          Map.entry("U32", ElementType.UINT32),
          Map.entry("U16", ElementType.UINT16),
          Map.entry("U8", ElementType.UINT8),
          Map.entry("BOOL", ElementType.BOOL));

  /** A tensor of the header. */
  record Entry(ElementType type, List<Long> sizes, long begin, long end) {}

  private final String text;
  private int at;

  private SafetensorsHeader(String text) {
    this.text = text;
  }

  /** The tensors by name, in the order of the header. */
  static Map<String, Entry> parse(ByteBuffer header) throws FormatException {
    try {
      return new SafetensorsHeader(StandardCharsets.UTF_8.newDecoder().decode(header).toString())
          .tensors();
    } catch (CharacterCodingException e) {
      throw FormatException.damaged("Its header is not UTF-8");
    }
  }

  private Map<String, Entry> tensors() throws FormatException {
    Map<String, Entry> tensors = new LinkedHashMap<>();
    List<String> names = new ArrayList<>();
    object(
        name -> {
          if (name.equals(METADATA)) {
            object(key -> string());
          } else {
            tensors.put(name, tensor(name));
          }
          names.add(name);
        });
    if (tensors.size() + (names.contains(METADATA) ? 1 : 0) != names.size()) {
      throw FormatException.damaged("Its header has a name twice");
    }
    skipSpace();
    if (at < text.length()) {
      throw wrong("the end");
    }
    return tensors;
  }

  private Entry tensor(String name) throws FormatException {
    Map<String, String> types = new LinkedHashMap<>();
    Map<String, List<Long>> lists = new LinkedHashMap<>();
    object(
        key -> {
          switch (key) {
            case "dtype" -> types.put(key, string());
            case "shape", "data_offsets" -> lists.put(key, numbers());
            default -> throw wrong("dtype, shape or data_offsets");
          }
        });
    String dtype = types.get("dtype");
    List<Long> shape = lists.get("shape");
    List<Long> offsets = lists.get("data_offsets");
    String tensor = "The tensor " + FormatException.quoted(name);
    if (dtype == null || shape == null || offsets == null || offsets.size() != 2) {
      throw FormatException.damaged(tensor + " lacks a type, a shape or two offsets");
    }
    ElementType type = TYPES.get(dtype);
    if (type == null) {
      throw FormatException.refused(
          tensor + " has the type " + FormatException.quoted(dtype) + ", whose size is unknown",
          "Save the weights as F32, F16 or BF16.");
    }
    return new Entry(type, shape, offsets.get(0), offsets.get(1));
  }

  /** Reads the value of a member, whose name it is given. */
  private interface Member {
    void read(String name) throws FormatException;
  }

  private void object(Member member) throws FormatException {
    expect('{');
    if (accept('}')) {
      return;
    }
    do {
      String name = string();
      expect(':');
      member.read(name);
    } while (accept(','));
    expect('}');
  }

  private List<Long> numbers() throws FormatException {
    List<Long> numbers = new ArrayList<>();
    expect('[');
    if (!accept(']')) {
      do {
        numbers.add(number());
      } while (accept(','));
      expect(']');
    }
    return numbers;
  }

  private long number() throws FormatException {
    skipSpace();
    int begin = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == begin || at - begin > 18) { // all numbers of 18 digits are longs
      at = begin;
      throw wrong("a whole number");
    }
    return Long.parseLong(text.substring(begin, at));
  }

  private String string() throws FormatException {
    expect('"');
    StringBuilder string = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at++);
      string.append(c == '\\' ? escaped() : c);
    }
    if (at == text.length()) {
      throw wrong("the end of a string");
    }
    at++;
    return string.toString();
  }

  /** The character that follows a backslash stands for. */
  private char escaped() throws FormatException {
    char c = at < text.length() ? text.charAt(at++) : '\0';
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw wrong("an escape");
    };
  }

  private char unicode() throws FormatException {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = at < text.length() ? Character.digit(text.charAt(at++), 16) : -1;
      if (digit < 0) {
        throw wrong("four hexadecimal digits");
      }
      code = code << 4 | digit;
    }
    return (char) code;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean accept(char c) {
    skipSpace();
    boolean there = at < text.length() && text.charAt(at) == c;
    at += there ? 1 : 0;
    return there;
  }

  private void expect(char c) throws FormatException {
    if (!accept(c)) {
      throw wrong("'" + c + "'");
    }
  }

  private FormatException wrong(String wanted) {
    return FormatException.damaged(
        "Its header has at character " + at + " something else than " + wanted);
  }
}
