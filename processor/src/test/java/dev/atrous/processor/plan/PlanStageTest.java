package dev.atrous.processor.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.atrous.processor.SmallModel;
import dev.atrous.processor.autodiff.Autodiff;
import dev.atrous.processor.autodiff.Optimizer;
import dev.atrous.processor.ir.Graph;
import dev.atrous.processor.network.Mode;
import dev.atrous.processor.network.NetworkStage;
import dev.atrous.processor.pass.Passes;
import dev.atrous.processor.spec.Architecture;
import dev.atrous.processor.spec.ModelSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PlanStageTest {
  private static final ModelPlan PAPER =
      plan(
          SmallModel.paper(
              Architecture.RESNET_101,
              16,
              4,
              List.of(1, 2, 4),
              Optional.of(SmallModel.pyramid(6, 12, 18))));

  private static final long FLOAT = 4;

  private static ModelPlan plan(ModelSpec spec) {
    Graph network = NetworkStage.build(spec, spec.backbone().outputStride(), Mode.TRAINING);
    return PlanStage.plan(
        spec,
        network,
        Autodiff.differentiate(
            Passes.training(network).graph(), NetworkStage.LOSS, new Optimizer(0.9, 1e-4, false)));
  }

  private static LayerPlan layer(String name) {
    return PAPER.layers().stream().filter(l -> l.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void theMultiGridIsOnTopOfTheBaseRate() {
    for (int unit = 1; unit <= 3; unit++) {
      LayerPlan conv = layer("block4/unit" + unit + "/conv2");
      assertThat(conv.baseRate()).isEqualTo(2);
      assertThat(conv.rate()).isEqualTo(1 << unit);
      assertThat(layer("block4/unit" + unit + "/conv1").baseRate()).isOne();
    }
    assertThat(layer("block3/unit2/conv2").baseRate()).isOne();
    assertThat(layer("aspp/branch3/conv").baseRate()).isEqualTo(18);
  }

  @Test
  void theShareOfValidWeightsIsThatOfTheMap() {
    // 33 positions along an axis: 27 and 21 see two taps of three, ... at rate 6 and 12
    assertThat(layer("aspp/branch1/conv").validShare()).isCloseTo(square(87 / 99.), within(1e-9));
    assertThat(layer("aspp/branch2/conv").validShare()).isCloseTo(square(75 / 99.), within(1e-9));
    assertThat(layer("aspp/branch3/conv").validShare()).isCloseTo(square(63 / 99.), within(1e-9));
    assertThat(layer("aspp/branch0/conv").validShare()).isOne();
  }

  private static double square(double x) {
    return x * x;
  }

  /**
   * A convolution with normalisation and ReLU keeps its output, for the normalisation; what that
   * saved of the batch, twice a vector; and the output of the ReLU.
   */
  @Test
  void aLayerKeepsWhatItsDerivativesRead() {
    long map = 16 * 33 * 33 * 512 * FLOAT;
    assertThat(layer("block4/unit2/conv2").activationBytes()).isEqualTo(2 * map + 2 * 512 * FLOAT);
    // The scores are not read again, but the derivative of the loss by the pixels' is kept.
    assertThat(layer("head/scores").activationBytes()).isEqualTo(16L * 513 * 513 * 21 * FLOAT);
  }

  @Test
  void theInputBelongsToTheFirstLayer() {
    long image = 16L * 513 * 513 * 3 * FLOAT;
    long conv = 16L * 257 * 257 * 64 * FLOAT;
    long pool = 16L * 129 * 129 * 64 * FLOAT;
    assertThat(layer("stem/conv").activationBytes())
        .isEqualTo(image + 2 * conv + 2 * 64 * FLOAT + pool);
  }

  @Test
  void memoryIsThatOfAllParameters() {
    long trained = PAPER.layers().stream().mapToLong(LayerPlan::parameters).sum();
    assertThat(PAPER.momentumBytes()).isEqualTo(trained * FLOAT);
    long averages = PAPER.parameterBytes() / FLOAT - trained;
    long normalized =
        PAPER.layers().stream()
            .filter(l -> !l.name().equals("head/scores"))
            .mapToLong(l -> l.output().channels())
            .sum();
    assertThat(averages).isEqualTo(2 * normalized);
  }
}
