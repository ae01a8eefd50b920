package dev.atrous.processor.plan;

import dev.atrous.processor.autodiff.TrainingGraph;
import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.UpdateOp;
import dev.atrous.processor.ir.ValidWeights;
import dev.atrous.processor.ir.Value;
import dev.atrous.processor.plan.LayerPlan.MapSize;
import dev.atrous.processor.spec.ModelSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the costs of a model off its graphs. */
public final class PlanStage {
  /** The units that a multi-grid applies to: those of block4 and its copies. */
  private static final Pattern GRID_UNIT = Pattern.compile("block[4-7]/unit(\\d+)");

  private final ModelSpec spec;
  private final Map<String, KeptValues.Bytes> activations;
  private final Map<Value, Long> vectors;

  private PlanStage(
      ModelSpec spec, Map<String, KeptValues.Bytes> activations, Map<Value, Long> vectors) {
    this.spec = spec;
    this.activations = activations;
    this.vectors = vectors;
  }

  /**
   * Plans a model.
   *
   * @param network the training network before any pass
   * @param training the training step that was made of it
   */
  public static ModelPlan plan(ModelSpec spec, Graph network, TrainingGraph training) {
    List<Node> convolutions = network.nodesOf(ForwardOp.Conv2D.class).toList();
    List<String> layers = convolutions.stream().map(Node::path).toList();
    Map<String, KeptValues.Bytes> activations = KeptValues.byLayer(training.graph(), layers);
    PlanStage stage = new PlanStage(spec, activations, vectors(network));
    Stream<Node> updates = training.graph().nodesOf(UpdateOp.class);
    return new ModelPlan(
        convolutions.stream().map(stage::layer).toList(),
        sum(network.nodesOf(SourceOp.Parameter.class), node -> node.output().type().bytes()),
        sum(updates, PlanStage::slotBytes));
  }

  /** What an update keeps from step to step. */
  private static long slotBytes(Node update) {
    return ((UpdateOp) update.op()).slots() * update.input(0).type().bytes();
  }

  private static long sum(Stream<Node> nodes, ToLongFunction<Node> bytes) {
    return nodes.mapToLong(bytes).sum();
  }

  private LayerPlan layer(Node conv) {
    ForwardOp.Conv2D op = (ForwardOp.Conv2D) conv.op();
    Value weights = conv.input(1);
    Value output = conv.output();
    KeptValues.Bytes kept = activations.getOrDefault(conv.path(), KeptValues.Bytes.NONE);
    return new LayerPlan(
        conv.path(),
        weights.size(0),
        op.stride(),
        op.rate() / unitRate(conv),
        op.rate(),
        size(conv.input(0)),
        size(output),
        (isTrained(weights) ? weights.type().elements() : 0) + vectors.getOrDefault(output, 0L),
        weights.type().elements() * output.size(1) * output.size(2),
        ValidWeights.of(conv),
        kept.float32(),
        kept.bfloat16());
  }

  private static MapSize size(Value map) {
    return new MapSize(map.size(1), map.size(2), map.size(3));
  }

  /** What the multi-grid multiplies the rate of a convolution by. */
  private int unitRate(Node conv) {
    Matcher unit = GRID_UNIT.matcher(conv.scope().path());
    boolean inGrid = conv.input(1).size(0) > 1 && unit.matches();
    return inGrid ? spec.cascade().multiGrid().get(Integer.parseInt(unit.group(1)) - 1) : 1;
  }

  /** Trainable scalars of the operations right behind a value. */
  private static Map<Value, Long> vectors(Graph network) {
    Map<Value, Long> vectors = new HashMap<>();
    for (Node user : network.nodes()) {
      for (Value vector : user.inputs()) {
        if (isTrained(vector)) {
          vectors.merge(user.input(0), vector.type().elements(), Long::sum);
        }
      }
    }
    return vectors;
  }

  private static boolean isTrained(Value value) {
    return value.node().op() instanceof SourceOp.Parameter parameter
        && parameter.spec().trainable();
  }
}
