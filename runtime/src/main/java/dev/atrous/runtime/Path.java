package dev.atrous.runtime;

import org.tensorflow.op.Ops;

/**
 * Where in the network operations are being added: the start of the names of parameters.
 *
 * @param prefix empty, or ends with a slash
 */
record Path(String prefix) {
  static final Path ROOT = new Path("");

  Path below(String scope) {
    return new Path(prefix + scope + "/");
  }

  String of(String name) {
    return prefix + name;
  }

  /** A scope of TensorFlow for each part of a path; it takes them one at a time. */
  static Ops enter(Ops tf, String scope) {
    Ops inner = tf;
    for (String part : scope.split("/", -1)) {
      inner = inner.withSubScope(part);
    }
    return inner;
  }
}
