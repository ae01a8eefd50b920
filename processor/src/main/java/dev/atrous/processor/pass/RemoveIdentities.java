package dev.atrous.processor.pass;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.Graph;
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
    return Rewriter.rewrite(
        graph,
        (copy, node, inputs) ->
            node.op().equals(new ForwardOp.Subsample(1))
                ? Optional.of(inputs.get(0))
                : Optional.empty());
  }
}
