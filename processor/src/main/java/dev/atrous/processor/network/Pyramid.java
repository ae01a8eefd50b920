package dev.atrous.processor.network;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.GraphBuilder;
import dev.atrous.processor.ir.Scope;
import dev.atrous.processor.ir.Value;
import dev.atrous.processor.network.Layers.Filter;
import dev.atrous.processor.spec.ModelSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Atrous spatial pyramid pooling: that of the paper (section 3.3, Figure 5) ends with features,
 * that of DeepLabv2 with class scores. Branch i has the i-th rate.
 */
final class Pyramid {
  private static final String BLOCK = "aspp";

  private final GraphBuilder graph;
  private final Layers layers;
  private final ModelSpec.Pyramid pyramid;
  private final List<Integer> rates;

  /**
   * @param rates at the output stride of the graph
   */
  Pyramid(GraphBuilder graph, Layers layers, ModelSpec.Pyramid pyramid, List<Integer> rates) {
    this.graph = graph;
    this.layers = layers;
    this.pyramid = pyramid;
    this.rates = List.copyOf(rates);
  }

  /**
   * The paper's: concatenated and projected. Branch 0 is the 1x1 convolution; the image-level
   * features come last.
   *
   * @param x the last feature map
   * @param imageFirst whether the image-level features come first
   */
  Value features(Value x, boolean imageFirst) {
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

  /** DeepLabv2's: the class scores of all branches, added. */
  Value scores(Value x, int classes) {
    List<Value> scores = new ArrayList<>();
    for (int i = 1; i <= rates.size(); i++) {
      scores.add(branchScores(i, x, classes));
    }
    Scope scope = new Scope(BLOCK, "sum");
    Value sum = scores.get(0);
    for (int i = 1; i < scores.size(); i++) {
      sum = graph.add(scope, "sumOf" + (i + 1), new ForwardOp.Add(), sum, scores.get(i)).output();
    }
    return sum;
  }

  /** 3x3 with the rate, 1x1, and 1x1 to the classes. */
  private Value branchScores(int number, Value x, int classes) {
    Scope scope = branch(number);
    int filters = pyramid.filters();
    Filter atrous = new Filter(3, filters, 1, rates.get(number - 1));
    Value first = layers.convBiasRelu(scope, "1", x, atrous);
    Value kept = layers.dropout(scope, "dropout1", first, pyramid.dropout());
    Value second = layers.convBiasRelu(scope, "2", kept, new Filter(1, filters, 1, 1));
    Value keptToo = layers.dropout(scope, "dropout2", second, pyramid.dropout());
    return layers.classifier(scope, "scores", keptToo, classes);
  }

  private static Scope branch(int number) {
    return new Scope(BLOCK, "branch" + number);
  }
}
