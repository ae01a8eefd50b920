package dev.atrous.processor.interpreter;

import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.GraphBuilder;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.Op;
import dev.atrous.processor.ir.ParameterSpec;
import dev.atrous.processor.ir.Phase;
import dev.atrous.processor.ir.Scope;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.TensorType;
import dev.atrous.processor.ir.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A graph of a single operation on given values. */
final class OneNode {
  private static final Scope SCOPE = Scope.of("test");

  private final GraphBuilder graph = new GraphBuilder("one node");
  private final Map<String, Tensor> feeds = new LinkedHashMap<>();
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final List<Value> inputs = new ArrayList<>();

  /** Applies an operation whose inputs are all floats. */
  static List<Tensor> apply(Op op, Tensor... floats) {
    OneNode node = new OneNode();
    for (Tensor tensor : floats) {
      node.floats(tensor);
    }
    return node.apply(op);
  }

  /** Adds an input of floats. */
  OneNode floats(Tensor tensor) {
    String name = "input" + inputs.size();
    parameters.put(name, tensor);
    ParameterSpec spec = new ParameterSpec(name, tensor.shape(), ParameterSpec.Role.WEIGHTS);
    inputs.add(graph.add(SCOPE, name, new SourceOp.Parameter(spec)).output());
    return this;
  }

  /** Adds an input of bytes. */
  OneNode bytes(Tensor tensor) {
    String name = "input" + inputs.size();
    feeds.put(name, tensor);
    TensorType type = TensorType.u8(tensor.shape().toArray(Integer[]::new));
    inputs.add(graph.add(SCOPE, name, new SourceOp.Input(name, type)).output());
    return this;
  }

  /** The outputs of an operation on the inputs. */
  List<Tensor> apply(Op op) {
    Node node = graph.add(SCOPE, Phase.FORWARD, "node", op, inputs);
    List<Tensor> outputs = Interpreter.run(graph.build(), feeds, parameters).values().get(node);
    return outputs == null ? List.of() : outputs;
  }

  /** The parameters {@code input0}, {@code input1} and so on after an update. */
  Step update(Op op, Map<String, Tensor> momenta, double learningRate) {
    graph.add(SCOPE, Phase.BACKWARD, "node", op, inputs);
    Graph whole = graph.build();
    return Interpreter.step(whole, feeds, new State(parameters, momenta), learningRate);
  }

  /** A map of one image, one row and one channel. */
  static Tensor row(double... values) {
    return Tensor.of(List.of(1, 1, values.length, 1), values);
  }

  /** A map of one image and one channel. */
  static Tensor square(int side, double... values) {
    return Tensor.of(List.of(1, side, side, 1), values);
  }

  /** A vector. */
  static Tensor vector(double... values) {
    return Tensor.of(List.of(values.length), values);
  }
}
