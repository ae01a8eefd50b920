package dev.atrous.processor.network;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.GraphBuilder;
import dev.atrous.processor.ir.Scope;
import dev.atrous.processor.ir.Value;
import dev.atrous.processor.network.Layers.Filter;
import dev.atrous.processor.spec.ModelSpec;
import java.util.ArrayList;
import java.util.List;

/** Atrous spatial pyramid pooling (section 3.3 of the paper, Figure 5). */
final class Pyramid {
  private static final String BLOCK = "aspp";

  private final GraphBuilder graph;
  private final Layers layers;

  Pyramid(GraphBuilder graph, Layers layers) {
    this.graph = graph;
    this.layers = layers;
  }

  /**
   * Branch 0 is the 1x1 convolution, branch i has the i-th rate; the image-level features come
   * last.
   *
   * @param x the last feature map
   * @param rates at the output stride of the graph
   * @param imageFirst whether the image-level features come first
   */
  Value build(Value x, List<Integer> rates, ModelSpec.Pyramid pyramid, boolean imageFirst) {
    int filters = pyramid.filters();
    List<Value> branches = new ArrayList<>();
    branches.add(layers.convBnRelu(branch(0), "", x, new Filter(1, filters, 1, 1)));
    for (int i = 0; i < rates.size(); i++) {
      Filter atrous = new Filter(3, filters, 1, rates.get(i));
      branches.add(layers.convBnRelu(branch(i + 1), "", x, atrous));
    }
    if (pyramid.imagePooling()) {
      branches.add(imageFirst ? 0 : branches.size(), imageFeatures(x, filters));
    }
    Scope projection = new Scope(BLOCK, "projection");
    Value concat =
        graph
            .add(projection, "concat", new ForwardOp.Concat(), branches.toArray(Value[]::new))
            .output();
    Value projected = layers.convBnRelu(projection, "", concat, new Filter(1, filters, 1, 1));
    return layers.dropout(projection, "dropout", projected, pyramid.dropout());
  }

  private Value imageFeatures(Value x, int filters) {
    Scope scope = new Scope(BLOCK, "imagePooling");
    Value mean = graph.add(scope, "mean", new ForwardOp.GlobalAveragePool(), x).output();
    Value features = layers.convBnRelu(scope, "", mean, new Filter(1, filters, 1, 1));
    // Interpolating a single pixel to the map is repeating it.
    return graph.add(scope, "map", new ForwardOp.Broadcast(), features, x).output();
  }

  private static Scope branch(int number) {
    return new Scope(BLOCK, "branch" + number);
  }
}
