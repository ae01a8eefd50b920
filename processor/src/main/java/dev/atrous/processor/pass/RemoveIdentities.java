package dev.atrous.processor.pass;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.Node;
import java.util.Optional;

/**
 * Takes out operations that return their input: subsampling by 1, which shortcuts have where a
 * stride became a rate.
 */
final class RemoveIdentities implements Pass {

  @Override
  public String name() {
    return "remove-identities";
  }

  @Override
  public boolean dependsOnSize() {
    return false;
  }

  @Override
  public Graph apply(Graph graph) {
    return graph.nodes().stream().anyMatch(RemoveIdentities::isIdentity)
        ? Rewriter.rewrite(
            graph,
            (copy, node, inputs) ->
                isIdentity(node) ? Optional.of(inputs.get(0)) : Optional.empty())
        : graph;
  }

  private static boolean isIdentity(Node node) {
    return node.op() instanceof ForwardOp.Subsample subsample && subsample.stride() == 1;
  }
}
