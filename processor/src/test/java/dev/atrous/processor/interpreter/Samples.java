package dev.atrous.processor.interpreter;

import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.ParameterSpec;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.TensorType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random values for what a graph reads. */
public final class Samples {
  private static final int IGNORED_LABEL = 255;

  private Samples() {}

  /** A value for every parameter of a graph, of the magnitude that its role has in a network. */
  public static Map<String, Tensor> parameters(Graph graph, Random random) {
    Map<String, Tensor> values = new LinkedHashMap<>();
    for (ParameterSpec spec : graph.parameters()) {
      values.put(spec.name(), parameter(spec, random));
    }
    return values;
  }

  private static Tensor parameter(ParameterSpec spec, Random random) {
    List<Integer> shape = spec.shape();
    return switch (spec.role()) {
      case WEIGHTS, CLASSIFIER -> {
        int fanIn = shape.get(0) * shape.get(1) * shape.get(2);
        double bound = Math.sqrt(6.0 / fanIn);
        yield Tensor.uniform(shape, random, -bound, bound);
      }
      case GAMMA, MOVING_VARIANCE -> Tensor.uniform(shape, random, 0.5, 1.5);
      case BAND_MEAN -> Tensor.uniform(shape, random, 100, 150);
      case BAND_DEVIATION -> Tensor.uniform(shape, random, 50, 80);
      case BIAS, BETA, MOVING_MEAN -> Tensor.uniform(shape, random, -0.5, 0.5);
    };
  }

  /** Images: a byte for every element. */
  public static Tensor images(TensorType type, Random random) {
    return Tensor.uniform(type.shape(), random, 0, 256).map(Math::floor);
  }

  /** Labels: mostly classes, some of them ignored. */
  public static Tensor labels(TensorType type, int classes, Random random) {
    return Tensor.uniform(type.shape(), random, 0, classes * 1.125)
        .map(x -> x < classes ? Math.floor(x) : IGNORED_LABEL);
  }

  /** A value for {@code images} and {@code labels}, as far as the graph reads them. */
  public static Map<String, Tensor> feeds(Graph graph, int classes, Random random) {
    Map<String, Tensor> feeds = new LinkedHashMap<>();
    graph
        .nodesOf(SourceOp.Input.class)
        .map(node -> (SourceOp.Input) node.op())
        .forEach(
            input ->
                feeds.put(
                    input.name(),
                    input.type().rank() == 4
                        ? images(input.type(), random)
                        : labels(input.type(), classes, random)));
    return feeds;
  }
}
