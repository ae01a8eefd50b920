package dev.atrous.processor.interpreter;

import dev.atrous.processor.ir.DataType;
import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.GradientOp;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.Op;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.TensorType;
import dev.atrous.processor.ir.UpdateOp;
import dev.atrous.processor.ir.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Evaluates graphs node by node, in doubles. Maps may be rounded as they are where their numbers
 * are bfloat16: each is, when it is computed, and so are the weights that meet one in a
 * convolution.
 */
public final class Interpreter {
  private final Map<String, Tensor> feeds;
  private final Map<String, Tensor> parameters;
  private final Map<Node, List<Tensor>> values = new LinkedHashMap<>();

  private final MapNumbers maps;

  private Interpreter(Map<String, Tensor> feeds, Map<String, Tensor> parameters, MapNumbers maps) {
    this.feeds = feeds;
    this.parameters = parameters;
    this.maps = maps;
  }

  /**
   * Computes every value of a graph. Updates are left out.
   *
   * @param feeds by the name of the input; bytes are numbers from 0 to 255
   * @param parameters by the name of the parameter
   * @throws IllegalStateException if a value is not of the shape that its node declares
   */
  public static Evaluation run(
      Graph graph, Map<String, Tensor> feeds, Map<String, Tensor> parameters) {
    return run(graph, feeds, parameters, MapNumbers.EXACT);
  }

  /** {@link #run(Graph, Map, Map)} with maps rounded to numbers of less precision. */
  public static Evaluation run(
      Graph graph, Map<String, Tensor> feeds, Map<String, Tensor> parameters, MapNumbers maps) {
    Interpreter interpreter = new Interpreter(feeds, parameters, maps);
    graph.nodes().forEach(interpreter::evaluate);
    return new Evaluation(graph, interpreter.values);
  }

  /**
   * Computes every value of a graph and what its updates make of the state. All updates see the
   * state before the step.
   */
  public static Step step(
      Graph graph, Map<String, Tensor> feeds, State state, double learningRate) {
    Evaluation evaluation = run(graph, feeds, state.parameters());
    Updates updates = new Updates(evaluation, state, learningRate);
    graph.nodesOf(UpdateOp.class).forEach(updates::apply);
    return new Step(evaluation, updates.after());
  }

  private void evaluate(Node node) {
    List<Tensor> inputs = node.inputs().stream().map(input -> input(node, input)).toList();
    List<Tensor> outputs = new ArrayList<>();
    for (Tensor output : outputs(node.op(), inputs)) {
      boolean map = node.types().get(outputs.size()).dataType() == DataType.MAP;
      outputs.add(map ? maps.round(output) : output);
    }
    List<List<Integer>> declared = node.types().stream().map(TensorType::shape).toList();
    List<List<Integer>> computed = outputs.stream().map(Tensor::shape).toList();
    if (!computed.equals(declared)) {
      throw new IllegalStateException(node + " has values of the shapes " + computed);
    }
    values.put(node, outputs);
  }

  private Tensor input(Node node, Value input) {
    boolean weights =
        (node.op() instanceof ForwardOp.Conv2D && input.equals(node.input(1)))
            || (node.op() instanceof GradientOp.Conv2DInputGradient && input.equals(node.input(0)));
    return weights && node.output().type().dataType() == DataType.MAP
        ? maps.round(value(input))
        : value(input);
  }

  private Tensor value(Value value) {
    List<Tensor> outputs = values.get(value.node());
    if (outputs == null) {
      throw new IllegalStateException(value + " is used before it is computed");
    }
    return outputs.get(value.index());
  }

  private List<Tensor> outputs(Op op, List<Tensor> inputs) {
    if (op instanceof ForwardOp forward) {
      return forward.accept(new ForwardRules(inputs));
    }
    if (op instanceof GradientOp gradient) {
      return gradient.accept(new GradientRules(inputs));
    }
    return op instanceof SourceOp source ? source.accept(new Sources()) : List.of();
  }

  private final class Sources implements SourceOp.Visitor<List<Tensor>> {
    @Override
    public List<Tensor> input(SourceOp.Input input) {
      return List.of(given(feeds, input.name()));
    }

    @Override
    public List<Tensor> parameter(SourceOp.Parameter parameter) {
      return List.of(given(parameters, parameter.spec().name()));
    }

    @Override
    public List<Tensor> scalar(SourceOp.Scalar scalar) {
      return List.of(Tensor.scalar(scalar.value()));
    }

    private Tensor given(Map<String, Tensor> tensors, String name) {
      Tensor tensor = tensors.get(name);
      if (tensor == null) {
        throw new IllegalArgumentException("no value is given for " + name);
      }
      return tensor;
    }
  }
}
