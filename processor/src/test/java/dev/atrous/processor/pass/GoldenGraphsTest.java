package dev.atrous.processor.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.processor.Golden;
import dev.atrous.processor.SmallModel;
import dev.atrous.processor.autodiff.Autodiff;
import dev.atrous.processor.autodiff.Optimizer;
import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.Op;
import dev.atrous.processor.ir.Phase;
import dev.atrous.processor.network.Mode;
import dev.atrous.processor.network.NetworkStage;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What each stage makes of a small model, and what each pass is good for. */
final class GoldenGraphsTest {
  private static final Graph NETWORK =
      NetworkStage.build(SmallModel.SPEC, SmallModel.SPEC.backbone().outputStride(), Mode.TRAINING);

  /** The graph after each pass, by its name. */
  private static Map<String, Graph> passes() {
    Map<String, Graph> after = new LinkedHashMap<>();
    Passes.run(Passes.trainingPasses(), NETWORK, (pass, graph) -> after.put(pass.name(), graph));
    return after;
  }

  private static Graph after(String pass) {
    return Objects.requireNonNull(passes().get(pass));
  }

  private static long count(Graph graph, Class<? extends Op> kind) {
    return graph.nodesOf(kind).count();
  }

  private static long multiplyAdds(Graph graph) {
    return graph
        .nodesOf(ForwardOp.Conv2D.class)
        .mapToLong(
            conv -> conv.input(1).type().elements() * conv.output().size(1) * conv.output().size(2))
        .sum();
  }

  @Test
  void networkIsAsExpected() throws IOException {
    Golden.check("1-network.txt", NETWORK.toString());
  }

  @Test
  void everyPassIsAsExpected() throws IOException {
    int number = 2;
    for (Map.Entry<String, Graph> pass : passes().entrySet()) {
      Golden.check(number++ + "-" + pass.getKey() + ".txt", pass.getValue().toString());
    }
  }

  @Test
  void trainingStepIsAsExpected() throws IOException {
    Graph graph =
        Autodiff.differentiate(
                Passes.training(NETWORK).graph(),
                NetworkStage.LOSS,
                new Optimizer(
                    SmallModel.SPEC.training().momentum(),
                    SmallModel.SPEC.training().weightDecay(),
                    false))
            .graph();
    Golden.check("5-autodiff.txt", graph.toString());
  }

  @Test
  void theBackwardPassComesAfterTheForwardPass() {
    Graph graph =
        Autodiff.differentiate(NETWORK, NetworkStage.LOSS, new Optimizer(0.9, 1e-4, false)).graph();
    assertThat(graph.nodes().stream().map(Node::phase).distinct())
        .containsExactly(Phase.FORWARD, Phase.BACKWARD);
    assertThat(graph.nodes().stream().map(Node::phase)).isSortedAccordingTo(Enum::compareTo);
  }

  @Test
  void passesRunInTheirOrder() {
    assertThat(passes())
        .containsOnlyKeys("remove-identities", "split-image-pooling", "drop-dead-taps");
    assertThat(passes().keySet())
        .containsExactly("remove-identities", "split-image-pooling", "drop-dead-taps");
  }

  @Test
  void identitiesAreRemoved() {
    Graph graph = after("remove-identities");
    // The eight units less three that change the channels and block1's last, which has a stride.
    assertThat(count(NETWORK, ForwardOp.Subsample.class)).isEqualTo(5);
    assertThat(graph.nodesOf(ForwardOp.Subsample.class).map(Node::op))
        .containsExactly(new ForwardOp.Subsample(2));
    assertThat(multiplyAdds(graph)).isEqualTo(multiplyAdds(NETWORK));
  }

  @Test
  void imagePoolingIsSplitFromTheProjection() {
    Graph before = after("remove-identities");
    Graph graph = after("split-image-pooling");
    assertThat(count(before, ForwardOp.Broadcast.class)).isEqualTo(1);
    assertThat(count(graph, ForwardOp.Broadcast.class)).isZero();
    assertThat(count(before, ForwardOp.AddPerImage.class)).isZero();
    assertThat(count(graph, ForwardOp.AddPerImage.class)).isEqualTo(1);
    assertThat(count(graph, ForwardOp.Slice.class)).isEqualTo(2);
    assertThat(graph.nodesOf(ForwardOp.Concat.class))
        .singleElement()
        .satisfies(concat -> assertThat(concat.output().size(3)).isEqualTo(3 * 8));
    // 8 x 8 weights at one pixel instead of 5 x 5.
    assertThat(multiplyAdds(before) - multiplyAdds(graph)).isEqualTo(8 * 8 * (25 - 1));
  }

  @Test
  void deadTapsAreDropped() {
    Graph before = after("split-image-pooling");
    Graph graph = after("drop-dead-taps");
    // Rows and columns of one branch and the two convolutions of one unit.
    assertThat(count(graph, ForwardOp.Slice.class))
        .isEqualTo(count(before, ForwardOp.Slice.class) + 2 * 3);
    // 8 of 9 taps at 5 x 5 pixels: 64 channels in either convolution of the unit, 64 to 8 in the
    // branch.
    assertThat(multiplyAdds(before) - multiplyAdds(graph))
        .isEqualTo(8 * 25 * (2 * 64 * 64 + 64 * 8));
    assertThat(graph.parameters()).isEqualTo(NETWORK.parameters());
  }

  @Test
  void droppedTapsDependOnTheSizeAndInferenceKeepsThem() {
    assertThat(Passes.training(NETWORK).dependsOnSize()).isTrue();
    Graph inference = Passes.inference(NETWORK);
    assertThat(count(inference, ForwardOp.Slice.class)).isEqualTo(2);
    assertThat(count(inference, ForwardOp.Broadcast.class)).isZero();
    assertThat(inference.parameters()).isEqualTo(NETWORK.parameters());
  }

  @Test
  void aGraphWithNothingToDoStaysAsItIs() {
    Graph done = Passes.training(NETWORK).graph();
    assertThat(new DropDeadTaps().apply(done)).isSameAs(done);
  }
}
