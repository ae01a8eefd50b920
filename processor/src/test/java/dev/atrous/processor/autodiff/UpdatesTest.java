package dev.atrous.processor.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.GradientOp;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.ParameterSpec;
import dev.atrous.processor.ir.ParameterSpec.Role;
import dev.atrous.processor.ir.Phase;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.UpdateOp;
import dev.atrous.processor.ir.Value;
import dev.atrous.processor.network.Mode;
import dev.atrous.processor.network.NetworkStage;
import dev.atrous.processor.network.Specs;
import dev.atrous.processor.spec.ModelSpec;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a training step of a network changes, and how. */
final class UpdatesTest {
  private static final double MOMENTUM = 0.75;
  private static final double WEIGHT_DECAY = 0.25;

  private final Graph forward = NetworkStage.build(Specs.bottlenecks(16), 16, Mode.TRAINING);
  private final Graph training =
      Autodiff.differentiate(
              forward, NetworkStage.LOSS, new Optimizer(MOMENTUM, WEIGHT_DECAY, false))
          .graph();

  @Test
  void everyParameterIsUpdatedOnce() {
    List<String> updated =
        training
            .nodesOf(UpdateOp.class)
            .flatMap(UpdatesTest::changed)
            .map(ParameterSpec::name)
            .toList();
    List<String> all = training.parameters().stream().map(ParameterSpec::name).toList();
    assertThat(updated).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void frozenBatchNormalisationStaysAsItIs() {
    Graph frozen = NetworkStage.build(Specs.frozenScores(16), 16, Mode.TRAINING);
    Graph step =
        Autodiff.differentiate(
                frozen, NetworkStage.LOSS, new Optimizer(MOMENTUM, WEIGHT_DECAY, true))
            .graph();
    assertThat(step.nodesOf(ForwardOp.BatchNormTraining.class)).isEmpty();
    assertThat(step.nodesOf(ForwardOp.BatchNorm.class)).isNotEmpty();
    assertThat(step.nodesOf(UpdateOp.MovingAverages.class)).isEmpty();
    Set<Role> trained = Set.of(Role.WEIGHTS, Role.CLASSIFIER, Role.BIAS);
    assertThat(step.nodesOf(UpdateOp.class).flatMap(UpdatesTest::changed))
        .containsExactlyInAnyOrderElementsOf(
            frozen.parameters().stream().filter(spec -> trained.contains(spec.role())).toList())
        .allMatch(ParameterSpec::trainable);
  }

  private static Stream<ParameterSpec> changed(Node update) {
    int count = update.op() instanceof UpdateOp.MovingAverages ? 2 : 1;
    return update.inputs().subList(0, count).stream()
        .map(input -> ((SourceOp.Parameter) input.node().op()).spec());
  }

  @Test
  void gradientDescentDecaysConvolutionWeightsAlone() {
    Set<Role> decayed = Set.of(Role.WEIGHTS, Role.CLASSIFIER);
    assertThat(training.nodesOf(UpdateOp.Momentum.class))
        .isNotEmpty()
        .allSatisfy(
            update -> {
              Role role = changed(update).findFirst().orElseThrow().role();
              double decay = decayed.contains(role) ? WEIGHT_DECAY : 0;
              assertThat(update.op()).isEqualTo(new UpdateOp.Momentum(MOMENTUM, decay));
              assertThat(role).isNotIn(Role.MOVING_MEAN, Role.MOVING_VARIANCE);
            });
  }

  @Test
  void clippedUpdatesComeAfterTheLastDerivative() {
    Optimizer.Rule rule = Optimizer.Rule.adamW(0.9, 0.999);
    Optimizer clipping = new Optimizer(rule, WEIGHT_DECAY, false, 2, block -> 1);
    Graph step = Autodiff.differentiate(forward, NetworkStage.LOSS, clipping).graph();
    Node factor = step.nodesOf(GradientOp.ClipFactor.class).findFirst().orElseThrow();
    List<Node> after = step.nodes().subList(step.nodes().indexOf(factor) + 1, step.nodes().size());
    List<Node> updates = step.nodesOf(UpdateOp.AdamW.class).toList();
    assertThat(after).hasSize(2 * updates.size()).allMatch(node -> node.phase() == Phase.UPDATE);
    assertThat(factor.inputs())
        .containsExactlyElementsOf(
            updates.stream().map(update -> update.input(1).node().input(0)).toList());
    assertThat(updates)
        .hasSameSizeAs(training.nodesOf(UpdateOp.Momentum.class).toList())
        .allSatisfy(
            update -> {
              Node clipped = update.input(1).node();
              assertThat(clipped.op()).isEqualTo(new GradientOp.Multiply());
              assertThat(clipped.input(1)).isEqualTo(factor.output());
            });
  }

  /** Block2 is trained in front of block3, which is not: derivatives pass through that. */
  @Test
  void whatLiesBeforeTheFirstTrainedPartHasNoBackwardPass() {
    List<ModelSpec.Part> parts =
        List.of(
            new ModelSpec.Part("backbone", 0.5),
            new ModelSpec.Part("stem", 0),
            new ModelSpec.Part("block1", 0),
            new ModelSpec.Part("block3", 0));
    ModelSpec spec =
        Specs.with(
            Specs.bottlenecks(16),
            new ModelSpec.Optimization(
                ModelSpec.Optimization.Schedule.POLY,
                0,
                1,
                ModelSpec.Optimization.Optimizer.SGD,
                0,
                0,
                parts));
    Graph network = NetworkStage.build(spec, 16, Mode.TRAINING);
    Optimizer optimizer =
        new Optimizer(
            Optimizer.Rule.momentum(MOMENTUM), WEIGHT_DECAY, false, 0, spec.training()::rate);
    Graph step = Autodiff.differentiate(network, NetworkStage.LOSS, optimizer).graph();
    Set<String> frozen = Set.of("stem", "block1", "block3");

    assertThat(blocks(step.nodes().stream().filter(node -> node.phase() == Phase.BACKWARD)))
        .doesNotContain("stem", "block1")
        .contains("block2", "block3", "block4", "aspp", "head");
    assertThat(blocks(step.nodesOf(ForwardOp.BatchNorm.class))).isEqualTo(frozen);
    assertThat(blocks(step.nodesOf(ForwardOp.BatchNormTraining.class)))
        .containsExactlyInAnyOrder("block2", "block4", "aspp");
    assertThat(blocks(step.nodesOf(UpdateOp.class)))
        .containsExactlyInAnyOrder("block2", "block4", "aspp", "head");
    assertThat(step.nodesOf(UpdateOp.Momentum.class))
        .allSatisfy(
            update ->
                assertThat(((UpdateOp.Momentum) update.op()).rate())
                    .isEqualTo(update.scope().block().startsWith("block") ? 0.5 : 1));
    assertThat(step.parameters())
        .allSatisfy(
            parameter -> {
              boolean average = parameter.name().contains("/moving_");
              boolean kept = frozen.contains(parameter.name().replaceAll("/.*", ""));
              assertThat(parameter.trainable()).isEqualTo(!average && !kept);
            });
    // Into block2 no derivative is computed.
    Set<Value> ofBlock1 =
        step.nodes().stream()
            .filter(node -> node.scope().block().equals("block1"))
            .map(Node::inputs)
            .flatMap(List::stream)
            .collect(Collectors.toSet());
    assertThat(step.nodes().stream().filter(node -> node.phase() == Phase.BACKWARD))
        .noneMatch(node -> node.inputs().stream().anyMatch(ofBlock1::contains));
  }

  private static Set<String> blocks(Stream<Node> nodes) {
    return nodes.map(node -> node.scope().block()).collect(Collectors.toSet());
  }

  @Test
  void theLossStaysTheResult() {
    assertThat(training.results()).containsOnlyKeys(NetworkStage.LOSS);
    assertThat(training.result(NetworkStage.LOSS).node().path())
        .isEqualTo(forward.result(NetworkStage.LOSS).node().path());
  }
}
