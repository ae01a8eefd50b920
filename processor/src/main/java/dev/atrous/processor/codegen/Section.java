package dev.atrous.processor.codegen;

import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.Phase;
import dev.atrous.processor.ir.Scope;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The nodes that become one method: those of a scope in one phase. Sources are not among them, they
 * are written where they are used.
 */
record Section(Scope scope, Phase phase, List<Node> nodes) {

  /**
   * The sections of a graph in an order in which they can run.
   *
   * @param graph its nodes, each after its inputs
   */
  static List<Section> of(List<Node> graph) {
    Map<String, Section> sections = new LinkedHashMap<>();
    for (Node node : graph) {
      if (!(node.op() instanceof SourceOp)) {
        sections
            .computeIfAbsent(
                node.scope().path() + " " + node.phase(),
                name -> new Section(node.scope(), node.phase(), new ArrayList<>()))
            .nodes()
            .add(node);
      }
    }
    List<Section> all = List.copyOf(sections.values());
    checkOrder(all);
    return all;
  }

  private static void checkOrder(List<Section> sections) {
    Set<Node> computed = new HashSet<>();
    for (Section section : sections) {
      for (Node node : section.nodes()) {
        for (Value input : node.inputs()) {
          if (!(input.node().op() instanceof SourceOp) && !computed.contains(input.node())) {
            throw new IllegalStateException(node + " needs a part of the network that runs later");
          }
        }
        computed.add(node);
      }
    }
  }

  boolean contains(Node node) {
    return node.scope().equals(scope) && node.phase() == phase;
  }
}
