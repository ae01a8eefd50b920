package dev.atrous.processor.plan;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.Phase;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The values of a forward pass that the backward pass reads: what a training step has to keep. */
final class KeptValues {
  private KeptValues() {}

  /**
   * Their memory.
   *
   * @param float32 bytes where maps are in float32
   * @param bfloat16 bytes where maps are in bfloat16
   */
  record Bytes(long float32, long bfloat16) {
    static final Bytes NONE = new Bytes(0, 0);

    Bytes plus(Bytes other) {
      return new Bytes(float32 + other.float32, bfloat16 + other.bfloat16);
    }
  }

  /**
   * What is kept, by the convolution that it belongs to: the one that computes a value, or else the
   * one that its first input belongs to. The input of the network belongs to the first.
   *
   * @param training forward and backward pass
   * @param layers paths of the convolutions; what takes the place of one in a pass has its path
   */
  static Map<String, Bytes> byLayer(Graph training, List<String> layers) {
    Map<Node, Bytes> kept = byNode(training);
    Set<String> paths = Set.copyOf(layers);
    String first = layers.get(0);
    Map<Node, String> owners = new HashMap<>();
    Map<String, Bytes> byLayer = new HashMap<>();
    for (Node node : training.nodes()) {
      String layer = paths.contains(node.path()) ? node.path() : inherited(node, owners, first);
      if (layer != null) {
        owners.put(node, layer);
        byLayer.merge(layer, kept.getOrDefault(node, Bytes.NONE), Bytes::plus);
      }
    }
    return byLayer;
  }

  /** Null for parameters and what is made of them alone. */
  private static @Nullable String inherited(Node node, Map<Node, String> owners, String first) {
    if (node.op() instanceof SourceOp.Input) {
      return first;
    }
    return node.inputs().isEmpty() ? null : owners.get(node.input(0).node());
  }

  private static Map<Node, Bytes> byNode(Graph training) {
    Set<Value> inFloat32 = new HashSet<>();
    Set<Value> inBfloat16 = new HashSet<>();
    for (Node node : training.nodes()) {
      if (node.phase() == Phase.BACKWARD) {
        for (int i = 0; i < node.inputs().size(); i++) {
          if (i != node.op().likeInput()) {
            inFloat32.add(inFloat32(node.input(i)));
            inBfloat16.add(node.input(i));
          }
        }
      }
    }
    Map<Node, Bytes> bytes = new HashMap<>();
    inFloat32.stream()
        .filter(KeptValues::isComputedForward)
        .forEach(value -> add(bytes, value, new Bytes(value.type().bytes(), 0)));
    inBfloat16.stream()
        .filter(KeptValues::isComputedForward)
        .forEach(value -> add(bytes, value, new Bytes(0, value.type().bfloat16Bytes())));
    return bytes;
  }

  /** Widening a map of float32 gives the map itself. */
  private static Value inFloat32(Value value) {
    return value.node().op() instanceof ForwardOp.Widen ? value.node().input(0) : value;
  }

  private static boolean isComputedForward(Value value) {
    return value.node().phase() == Phase.FORWARD && !(value.node().op() instanceof SourceOp);
  }

  private static void add(Map<Node, Bytes> bytes, Value value, Bytes more) {
    bytes.merge(value.node(), more, Bytes::plus);
  }
}
