package dev.atrous.processor.autodiff;

import dev.atrous.processor.ir.Copier;
import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.GradientOp;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.GraphBuilder;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.Op;
import dev.atrous.processor.ir.ParameterSpec;
import dev.atrous.processor.ir.Phase;
import dev.atrous.processor.ir.Scope;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.Value;
import dev.atrous.processor.ir.Verifier;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reverse-mode differentiation. Walks the forward nodes backwards; each adds the derivatives by its
 * inputs, and a parameter, met after all its uses, its update. Only what leads to a trainable
 * parameter is differentiated. The nodes of a derivative belong to the scope of the forward node
 * that they come from.
 */
public final class Autodiff {
  private static final Scope CLIPPING = Scope.of("clipping");

  private final Graph forward;
  private final GraphBuilder graph;
  private final Optimizer optimizer;
  private final Copier copier;
  private final Map<Value, Value> gradients = new HashMap<>();
  private final Set<Node> differentiated = new HashSet<>();

  /** The gradients of parameters that are yet to be clipped, in the order of the backward pass. */
  private final Map<Node, Value> unclipped = new LinkedHashMap<>();

  private Autodiff(Graph forward, Optimizer optimizer) {
    this.forward = forward;
    this.graph = new GraphBuilder(forward.name());
    this.copier = new Copier(graph);
    this.optimizer = optimizer;
  }

  /**
   * Adds backward pass and updates to a forward graph.
   *
   * @param loss the name of its result to minimise, a scalar
   * @param optimizer what becomes of the gradients
   */
  public static TrainingGraph differentiate(Graph forward, String loss, Optimizer optimizer) {
    return new Autodiff(forward, optimizer).run(loss);
  }

  private TrainingGraph run(String lossName) {
    forward.nodes().forEach(this::copy);
    Value loss = forward.result(lossName);
    Node one =
        graph.add(
            loss.node().scope(),
            Phase.BACKWARD,
            graph.free(loss.node().scope(), "one"),
            new SourceOp.Scalar(1),
            List.of());
    gradients.put(loss, one.output());
    List<Node> nodes = forward.nodes();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      backward(nodes.get(i));
    }
    updateClipped();
    Value copiedLoss = copied(loss);
    graph.result(lossName, copiedLoss);
    Graph graphWithUpdates = Verifier.verify(graph.build(), "autodiff");
    return new TrainingGraph(graphWithUpdates, copiedLoss);
  }

  private void copy(Node node) {
    copier.copy(node);
    boolean leadsToParameter =
        node.op() instanceof SourceOp.Parameter parameter
            ? parameter.spec().trainable()
            : node.inputs().stream().anyMatch(input -> differentiated.contains(input.node()));
    if (leadsToParameter) {
      differentiated.add(node);
    }
  }

  private void backward(Node node) {
    Op op = node.op();
    if (op instanceof SourceOp.Parameter parameter) {
      update(node, parameter);
    } else if (op instanceof ForwardOp forwardOp && differentiated.contains(node)) {
      Value dy = gradients.get(node.output());
      if (dy != null) {
        List<Optional<Value>> derivatives = forwardOp.accept(new Derivatives(this, node, dy));
        for (int i = 0; i < derivatives.size(); i++) {
          Value input = node.input(i);
          derivatives.get(i).ifPresent(derivative -> accumulate(node.scope(), input, derivative));
        }
      }
    }
  }

  private void update(Node node, SourceOp.Parameter parameter) {
    Value gradient = gradients.get(node.output());
    if (gradient == null || !parameter.spec().trainable()) {
      return;
    }
    if (optimizer.clipNorm() > 0) {
      unclipped.put(node, gradient);
    } else {
      addUpdate(node, Phase.BACKWARD, gradient);
    }
  }

  private void addUpdate(Node node, Phase phase, Value gradient) {
    ParameterSpec parameter = ((SourceOp.Parameter) node.op()).spec();
    graph.add(
        node.scope(),
        phase,
        graph.free(node.scope(), node.name() + "Update"),
        optimizer.update(node, parameter),
        List.of(copied(node.output()), gradient));
  }

  /** The norm of all gradients limits each; so no update comes before the last of them. */
  private void updateClipped() {
    if (unclipped.isEmpty()) {
      return;
    }
    Op clip = new GradientOp.ClipFactor(optimizer.clipNorm());
    List<Value> gradientsOfAll = List.copyOf(unclipped.values());
    Node factor = graph.add(CLIPPING, Phase.BACKWARD, "factor", clip, gradientsOfAll);
    unclipped.forEach(
        (node, gradient) -> {
          Node clipped =
              graph.add(
                  node.scope(),
                  Phase.UPDATE,
                  graph.free(node.scope(), "clipped" + capitalized(node.name())),
                  new GradientOp.Multiply(),
                  List.of(gradient, factor.output()));
          addUpdate(node, Phase.UPDATE, clipped.output());
        });
  }

  private void accumulate(Scope scope, Value input, Value derivative) {
    Value sofar = gradients.get(input);
    Value sum =
        sofar == null
            ? derivative
            : add(scope, input, new ForwardOp.Add(), sofar, derivative).output();
    gradients.put(input, sum);
  }

  /** Whether the derivative by an input is wanted. */
  boolean wants(Value input) {
    return differentiated.contains(input.node());
  }

  /** The value in the training graph. */
  Value copied(Value value) {
    return copier.of(value);
  }

  /**
   * Adds a node of the backward pass, named after the value by which it is a derivative: {@code
   * dRelu2}.
   */
  Node add(Scope scope, Value by, Op op, Value... inputs) {
    String path = by.node().name();
    String name = "d" + Character.toUpperCase(path.charAt(0)) + path.substring(1);
    if (!by.node().scope().equals(scope)) {
      Scope other = by.node().scope();
      String block = other.block().equals(scope.block()) ? "" : capitalized(other.block());
      name = "d" + block + capitalized(other.unit()) + name.substring(1);
    }
    return addNamed(scope, name, op, inputs);
  }

  /** Adds a node of the backward pass. */
  Node addNamed(Scope scope, String name, Op op, Value... inputs) {
    return graph.add(scope, Phase.BACKWARD, graph.free(scope, name), op, List.of(inputs));
  }

  private static String capitalized(String text) {
    return text.isEmpty() ? "" : Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
