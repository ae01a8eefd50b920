package dev.atrous.runtime.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@link PickleReader} reads besides texts, numbers (Long, BigInteger, Double), booleans and
 * what its {@link PickleReader.Globals} make. None has a method that goes through other values.
 */
final class PickleValues {
  private PickleValues() {}

  /** Python's None. */
  enum None {
    NONE
  }

  /** A class or function by name. */
  record Global(String name) {}

  /** A tuple. */
  record Tuple(List<Object> items) {}

  /** A list, which may still grow. */
  static final class Sequence {
    private List<Object> items = List.of(); // most lists of hostile files remain empty

    List<Object> items() {
      return items;
    }

    void addAll(List<Object> values) {
      if (items.isEmpty()) {
        items = new ArrayList<>();
      }
      items.addAll(values);
    }
  }

  /** Something that is known by its name alone: an object of a class, a set, bytes. */
  static final class Instance {
    private final String what;
    private @Nullable Dict attributes;

    Instance(String what) {
      this.what = what;
    }

    /** Its class, the function that would make it, or its kind. */
    String what() {
      return what;
    }

    /** Its attributes by their names, if it was given any. */
    @Nullable Dict attributes() {
      return attributes;
    }

    void setAttributes(@Nullable Dict dict) {
      attributes = dict;
    }
  }

  /** A dict, ordered or not. */
  static final class Dict {
    private Map<Object, Object> items = Map.of(); // most dicts of hostile files remain empty

    Map<Object, Object> items() {
      return items;
    }

    /** Entries whose keys are no text or number are dropped: a hash code may need recursion. */
    void put(Object key, Object value) {
      if (!(key instanceof String
          || key instanceof Long
          || key instanceof Double
          || key instanceof Boolean
          || key instanceof None)) {
        return;
      }
      if (items.isEmpty()) {
        items = new LinkedHashMap<>();
      }
      items.put(key, value);
    }
  }
}
