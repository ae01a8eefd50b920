package dev.atrous.processor.pass;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.GraphBuilder;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.Value;
import java.util.List;
import java.util.Optional;

/**
 * A 1x1 convolution of a concatenation whose first or last part is one vector per image, repeated
 * over the map: the vector's share of the product is the same at every pixel. So it is computed
 * once per image and added, and neither the repeated map nor its part of the concatenation exists.
 * For DeepLabv3's projection this is a fifth of the multiply-adds.
 */
final class SplitImagePooling implements Pass {

  @Override
  public String name() {
    return "split-image-pooling";
  }

  @Override
  public boolean dependsOnSize() {
    return false;
  }

  @Override
  public Graph apply(Graph graph) {
    return DeadCode.remove(Rewriter.rewrite(graph, SplitImagePooling::split));
  }

  private static Optional<Value> split(GraphBuilder graph, Node node, List<Value> inputs) {
    if (!(node.op() instanceof ForwardOp.Conv2D conv)
        || conv.stride() != 1
        || inputs.get(1).size(0) != 1
        || inputs.get(1).size(1) != 1
        || !(inputs.get(0).node().op() instanceof ForwardOp.Concat)) {
      return Optional.empty();
    }
    List<Value> branches = inputs.get(0).node().inputs();
    int last = branches.size() - 1;
    if (last > 0 && isRepeated(branches.get(last))) {
      return Optional.of(
          split(graph, node, inputs.get(1), branches.subList(0, last), branches.get(last), false));
    } else if (last > 0 && isRepeated(branches.get(0))) {
      return Optional.of(
          split(graph, node, inputs.get(1), branches.subList(1, last + 1), branches.get(0), true));
    }
    return Optional.empty();
  }

  private static boolean isRepeated(Value branch) {
    return branch.node().op() instanceof ForwardOp.Broadcast;
  }

  /**
   * The convolution in two parts.
   *
   * @param dense the branches that are maps
   * @param repeated the branch that is a repeated vector
   * @param first whether it is the first of all; otherwise it is the last
   */
  private static Value split(
      GraphBuilder graph,
      Node node,
      Value weights,
      List<Value> dense,
      Value repeated,
      boolean first) {
    int all = weights.size(2);
    int image = repeated.size(3);
    ForwardOp.Slice ofImage =
        first ? new ForwardOp.Slice(2, 0, image) : new ForwardOp.Slice(2, all - image, all);
    ForwardOp.Slice ofMap =
        first ? new ForwardOp.Slice(2, image, all) : new ForwardOp.Slice(2, 0, all - image);
    Value map =
        dense.size() == 1
            ? dense.get(0)
            : add(graph, node, "dense", new ForwardOp.Concat(), dense.toArray(Value[]::new));
    Value mapWeights = add(graph, node, "denseWeights", ofMap, weights);
    Value imageWeights = add(graph, node, "imageWeights", ofImage, weights);
    ForwardOp conv = (ForwardOp) node.op();
    Value perMap = add(graph, node, "denseConv", conv, map, mapWeights);
    Value perImage = add(graph, node, "imageConv", conv, repeated.node().input(0), imageWeights);
    return graph
        .add(node.scope(), node.name(), new ForwardOp.AddPerImage(), perMap, perImage)
        .output();
  }

  private static Value add(
      GraphBuilder graph, Node like, String name, ForwardOp op, Value... inputs) {
    return graph.add(like.scope(), graph.free(like.scope(), name), op, inputs).output();
  }
}
