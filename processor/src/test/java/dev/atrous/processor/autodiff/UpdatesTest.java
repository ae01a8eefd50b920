package dev.atrous.processor.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.processor.ir.ForwardOp;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.ir.Node;
import dev.atrous.processor.ir.ParameterSpec;
import dev.atrous.processor.ir.ParameterSpec.Role;
import dev.atrous.processor.ir.SourceOp;
import dev.atrous.processor.ir.UpdateOp;
import dev.atrous.processor.network.Mode;
import dev.atrous.processor.network.NetworkStage;
import dev.atrous.processor.network.Specs;
import java.util.List;
import java.util.Set;
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
  void theLossStaysTheResult() {
    assertThat(training.results()).containsOnlyKeys(NetworkStage.LOSS);
    assertThat(training.result(NetworkStage.LOSS).node().path())
        .isEqualTo(forward.result(NetworkStage.LOSS).node().path());
  }
}
