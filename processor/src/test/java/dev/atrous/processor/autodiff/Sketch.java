package dev.atrous.processor.autodiff;

import dev.atrous.processor.interpreter.Samples;
import dev.atrous.processor.interpreter.Tensor;
import dev.atrous.processor.ir.DataType;
import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.GraphBuilder;
import dev.atrous.processor.ir.ParameterSpec;
import dev.atrous.processor.ir.ParameterSpec.Role;
import dev.atrous.processor.ir.Scope;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.TensorType;
import dev.atrous.processor.ir.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** A small graph with values for its parameters, and a loss of whatever it computes. */
final class Sketch {
  static final String LOSS = "loss";
  static final int CLASSES = 3;

  private static final Scope SCOPE = Scope.of("sketch");

  private final GraphBuilder graph = new GraphBuilder("sketch");
  private final Random random;
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final Map<String, Tensor> feeds = new LinkedHashMap<>();

  Sketch(long seed) {
    this.random = new Random(seed);
  }

  /**
   * A trainable map. Its elements all differ and none is zero, so that no small change of one meets
   * a kink of ReLU or max pooling.
   */
  Value map(Integer... shape) {
    List<Integer> sizes = List.of(shape);
    int elements = sizes.stream().reduce(1, Math::multiplyExact);
    List<Integer> order = new ArrayList<>(IntStream.range(0, elements).boxed().toList());
    Collections.shuffle(order, random);
    double[] values = order.stream().mapToDouble(i -> (2.0 * i + 0.5) / elements - 1).toArray();
    return parameter(Role.WEIGHTS, Tensor.of(sizes, values));
  }

  /** A map that is not in float32, and depends on trainable values. */
  Value narrowMap(int images, int height, int width, int channels) {
    TensorType type = TensorType.u8(images, height, width, channels);
    Value bytes = input("images", type, Samples.images(type, random));
    List<Double> scale = Collections.nCopies(channels, 128.0);
    Value fixed = apply(new ForwardOp.Normalize(scale, scale), bytes);
    return apply(new ForwardOp.AddPerImage(), fixed, map(images, 1, 1, channels));
  }

  /** A parameter with values as its role has in a network. */
  Value parameter(Role role, Integer... shape) {
    GraphBuilder alone = new GraphBuilder("parameter");
    ParameterSpec spec = new ParameterSpec("parameter", List.of(shape), role);
    alone.add(SCOPE, "parameter", new SourceOp.Parameter(spec));
    Tensor values = Samples.parameters(alone.build(), random).values().iterator().next();
    return parameter(role, values);
  }

  private Value parameter(Role role, Tensor values) {
    String name = "parameter" + parameters.size();
    parameters.put(name, values);
    ParameterSpec spec = new ParameterSpec(name, values.shape(), role);
    return graph.add(SCOPE, name, new SourceOp.Parameter(spec)).output();
  }

  /** The first output of an operation. */
  Value apply(ForwardOp op, Value... inputs) {
    return graph.add(SCOPE, graph.free(SCOPE, "node"), op, inputs).output();
  }

  /** Scores of each pixel of a map. */
  Value logits(Value map) {
    boolean wide = map.type().dataType() == DataType.FLOAT32;
    Value weights = parameter(Role.CLASSIFIER, 1, 1, map.size(3), CLASSES);
    return apply(
        new ForwardOp.Conv2D(1, 1), wide ? map : apply(new ForwardOp.Widen(), map), weights);
  }

  /** Random labels for each pixel of a map, some of them ignored. */
  Value labels(Value map) {
    TensorType type = TensorType.u8(map.size(0), map.size(1), map.size(2));
    return labels(type, Samples.labels(type, CLASSES, random).with(0, 1));
  }

  /** Given labels. */
  Value labels(TensorType type, Tensor values) {
    return input("labels", type, values);
  }

  private Value input(String kind, TensorType type, Tensor values) {
    String name = kind + feeds.size();
    feeds.put(name, values);
    return graph.add(SCOPE, name, new SourceOp.Input(name, type)).output();
  }

  /** The graph; its loss is the given value if that is a scalar, and depends on it otherwise. */
  Graph build(Value last) {
    Value loss =
        last.type().rank() == 0
            ? last
            : apply(new ForwardOp.SoftmaxCrossEntropy(), logits(last), labels(last));
    graph.result(LOSS, loss);
    return graph.build();
  }

  Map<String, Tensor> parameters() {
    return parameters;
  }

  Map<String, Tensor> feeds() {
    return feeds;
  }
}
