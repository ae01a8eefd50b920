package dev.atrous.runtime.op;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.op.Ops;

/**
 * TensorFlow's scopes for the parts of a network. Each is entered once, for all operations of the
 * part in either direction: TensorFlow Java looks at every operation of the graph to enter one,
 * which for a hundred layers takes much longer than to add them. They share the order of the
 * backward pass.
 */
public final class Scopes {
  private final Ops root;
  private final Map<String, Ops> byPath = new HashMap<>();
  private final RunOrder backward = new RunOrder();

  /**
   * @param root what paths begin at
   */
  public Scopes(Ops root) {
    this.root = root;
  }

  /**
   * Enters the scopes of a network's layers. To be called while the graph is small.
   *
   * @param parameters named {@code scope/layer/parameter}
   */
  public Scopes enterAll(List<Parameter> parameters) {
    for (Parameter parameter : parameters) {
      String layer = around(parameter.name());
      if (layer.contains("/")) {
        enter(around(layer));
      }
    }
    return this;
  }

  private static String around(String path) {
    return path.substring(0, path.lastIndexOf('/'));
  }

  /** What paths begin at. */
  Ops root() {
    return root;
  }

  /** The order of derivatives and updates. */
  RunOrder backward() {
    return backward;
  }

  /** The scope of {@code block4/unit1}: TensorFlow takes the parts of a path one at a time. */
  Ops enter(String path) {
    Ops known = byPath.get(path);
    if (known != null) {
      return known;
    }
    int cut = path.lastIndexOf('/');
    Ops around = cut < 0 ? root : enter(path.substring(0, cut));
    Ops inner = around.withSubScope(path.substring(cut + 1));
    byPath.put(path, inner);
    return inner;
  }
}
