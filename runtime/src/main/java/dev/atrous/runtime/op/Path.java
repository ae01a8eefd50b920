package dev.atrous.runtime.op;

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

  /** The scopes that it leads through: {@code block4/unit1}. */
  String scope() {
    return prefix.substring(0, prefix.length() - 1);
  }
}
