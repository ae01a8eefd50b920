package dev.atrous.processor.codegen;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.Op;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A convolution of an inference graph and what follows it: normalisation or bias, then perhaps a
 * sum, then perhaps a ReLU. Each is used by the next alone, so that they can be one expression.
 *
 * @param nodes in this order
 */
record ConvolutionChain(List<Node> nodes) {

  /** The chains of a graph, by the last node of each. */
  static Map<Node, ConvolutionChain> of(Graph graph) {
    return new Finder(graph).chains();
  }

  Node convolution() {
    return nodes.get(0);
  }

  Node last() {
    return nodes.get(nodes.size() - 1);
  }

  /** The node of an operation after the convolution. */
  Optional<Node> after(Class<? extends Op> operation) {
    return nodes.stream().filter(node -> operation.isInstance(node.op())).findFirst();
  }

  /** What the sum adds to the convolution's side of it. */
  Optional<Value> addend() {
    return after(ForwardOp.Add.class)
        .map(sum -> nodes.contains(sum.input(0).node()) ? sum.input(1) : sum.input(0));
  }

  private static final class Finder {
    private final Graph graph;
    private final Map<Node, List<Node>> users = new HashMap<>();
    private final Set<Node> taken = new HashSet<>();

    Finder(Graph graph) {
      this.graph = graph;
      for (Node node : graph.nodes()) {
        node.inputs().forEach(input -> uses(input.node()).add(node));
      }
      // A result is used beyond the graph.
      graph.results().values().forEach(result -> uses(result.node()).add(result.node()));
    }

    private List<Node> uses(Node node) {
      return users.computeIfAbsent(node, n -> new ArrayList<>());
    }

    Map<Node, ConvolutionChain> chains() {
      Map<Node, ConvolutionChain> chains = new LinkedHashMap<>();
      for (Node node : graph.nodes()) {
        if (node.op() instanceof ForwardOp.Conv2D
            && node.input(1).node().op() instanceof SourceOp.Parameter) {
          ConvolutionChain chain = new ConvolutionChain(from(node));
          if (chain.after(ForwardOp.BatchNorm.class).isPresent()
              || chain.after(ForwardOp.AddBias.class).isPresent()) {
            chains.put(chain.last(), chain);
            taken.addAll(chain.nodes());
          }
        }
      }
      return chains;
    }

    private List<Node> from(Node convolution) {
      List<Node> nodes = new ArrayList<>(List.of(convolution));
      extend(nodes, Set.of(ForwardOp.BatchNorm.class, ForwardOp.AddBias.class));
      extend(nodes, Set.of(ForwardOp.Add.class));
      extend(nodes, Set.of(ForwardOp.Relu.class));
      return List.copyOf(nodes);
    }

    private void extend(List<Node> nodes, Set<Class<? extends Op>> operations) {
      Node last = nodes.get(nodes.size() - 1);
      List<Node> next = uses(last);
      if (next.size() == 1
          && next.get(0).scope().equals(last.scope())
          && !taken.contains(next.get(0))
          && operations.contains(next.get(0).op().getClass())) {
        nodes.add(next.get(0));
      }
    }
  }
}
