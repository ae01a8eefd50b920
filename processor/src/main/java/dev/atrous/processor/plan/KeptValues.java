package dev.atrous.processor.plan;

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
   * The bytes kept, by the convolution that they belong to: the one that computes a value, or else
   * the one that its first input belongs to. The input of the network belongs to the first.
   *
   * @param training forward and backward pass
   * @param layers paths of the convolutions; what takes the place of one in a pass has its path
   */
  static Map<String, Long> bytesByLayer(Graph training, List<String> layers) {
    Map<Node, Long> kept = bytesByNode(training);
    Set<String> paths = Set.copyOf(layers);
    String first = layers.get(0);
    Map<Node, String> owners = new HashMap<>();
    Map<String, Long> byLayer = new HashMap<>();
    for (Node node : training.nodes()) {
      String layer = paths.contains(node.path()) ? node.path() : inherited(node, owners, first);
      if (layer != null) {
        owners.put(node, layer);
        byLayer.merge(layer, kept.getOrDefault(node, 0L), Long::sum);
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

  private static Map<Node, Long> bytesByNode(Graph training) {
    Set<Value> kept = new HashSet<>();
    for (Node node : training.nodes()) {
      if (node.phase() == Phase.BACKWARD) {
        for (int i = 0; i < node.inputs().size(); i++) {
          if (i != node.op().likeInput()) {
            kept.add(node.input(i));
          }
        }
      }
    }
    Map<Node, Long> bytes = new HashMap<>();
    for (Value value : kept) {
      Node node = value.node();
      if (node.phase() == Phase.FORWARD && !(node.op() instanceof SourceOp)) {
        bytes.merge(node, value.type().bytes(), Long::sum);
      }
    }
    return bytes;
  }
}
