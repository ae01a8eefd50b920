package dev.atrous.processor.ir;

import java.util.stream.Collectors;

/** A graph as text: a line per node, for people and for golden files. */
final class Printer {
  private Printer() {}

  static String print(Graph graph) {
    StringBuilder text = new StringBuilder("graph " + graph.name() + "\n");
    for (Node node : graph.nodes()) {
      text.append("  ").append(line(node)).append('\n');
    }
    graph
        .results()
        .forEach(
            (name, value) ->
                text.append("  ").append(name).append(" -> ").append(value).append('\n'));
    return text.toString();
  }

  static String line(Node node) {
    return node.path()
        + " = "
        + operation(node.op())
        + node.inputs().stream().map(Printer::operand).collect(Collectors.joining(", ", "(", ")"))
        + (node.types().isEmpty()
            ? ""
            : node.types().stream()
                .map(TensorType::toString)
                .collect(Collectors.joining(", ", " : ", "")));
  }

  /** Parameters by the name that the user knows, marked with an at sign. */
  private static String operand(Value value) {
    return value.node().op() instanceof SourceOp.Parameter parameter
        ? "@" + parameter.spec().name()
        : value.toString();
  }

  private static String operation(Op op) {
    if (op instanceof SourceOp.Parameter parameter) {
      return "Parameter[" + parameter.spec().role() + "]";
    }
    if (op instanceof SourceOp.Input input) {
      return "Input[" + input.name() + "]";
    }
    String text = op.toString();
    return text.endsWith("[]") ? text.substring(0, text.length() - 2) : text;
  }
}
