package dev.atrous.processor.pass;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.GraphBuilder;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A 1x1 convolution of a concatenation whose last part is one vector per image, repeated over the
 * map: the vector's share of the product is the same at every pixel. So it is computed once per
 * image and added, and neither the repeated map nor its part of the concatenation exists. For
 * DeepLabv3's projection this is a fifth of the multiply-adds.
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
    Node concat = inputs.get(0).node();
    int last = concat.inputs().size() - 1;
    Node repeated = concat.input(last).node();
    if (last == 0 || !(repeated.op() instanceof ForwardOp.Broadcast)) {
      return Optional.empty();
    }
    Value weights = inputs.get(1);
    int all = weights.size(2);
    int cut = all - repeated.output().size(3);
    List<Value> dense = new ArrayList<>(concat.inputs().subList(0, last));
    Value map =
        dense.size() == 1
            ? dense.get(0)
            : add(graph, node, "dense", new ForwardOp.Concat(), dense.toArray(Value[]::new));
    Value mapWeights = add(graph, node, "denseWeights", new ForwardOp.Slice(2, 0, cut), weights);
    Value imageWeights =
        add(graph, node, "imageWeights", new ForwardOp.Slice(2, cut, all), weights);
    Value perMap = add(graph, node, "denseConv", conv, map, mapWeights);
    Value perImage = add(graph, node, "imageConv", conv, repeated.input(0), imageWeights);
    return Optional.of(
        graph
            .add(node.scope(), node.name(), new ForwardOp.AddPerImage(), perMap, perImage)
            .output());
  }

  private static Value add(
      GraphBuilder graph, Node like, String name, ForwardOp op, Value... inputs) {
    return graph.add(like.scope(), graph.free(like.scope(), name), op, inputs).output();
  }
}
