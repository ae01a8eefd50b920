package dev.atrous.processor.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.processor.ir.ParameterSpec;
import dev.atrous.processor.ir.ParameterSpec.Initial;
import dev.atrous.processor.spec.Conventions;
import dev.atrous.processor.spec.ModelSpec;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What each part of a network starts with, by the conventions. */
final class InitialValuesTest {
  private static final Conventions.InitialValues TORCHVISION =
      Conventions.InitialValues.TORCHVISION;

  private static ModelSpec with(ModelSpec spec, Conventions.InitialValues values) {
    Conventions paper = Conventions.PAPER;
    Conventions conventions =
        new Conventions(
            paper.stride(),
            paper.stem(),
            paper.padding(),
            paper.firstUnitRate(),
            paper.imageFeatures(),
            paper.head(),
            paper.interpolation(),
            paper.weightDecay(),
            paper.preprocessing(),
            values);
    return new ModelSpec(
        spec.name(),
        spec.classes(),
        spec.classNames(),
        spec.bands(),
        spec.crop(),
        spec.backbone(),
        spec.cascade(),
        spec.aspp(),
        Optional.of(new ModelSpec.Auxiliary(0.5, 0)),
        conventions,
        spec.loss(),
        spec.training(),
        spec.origins());
  }

  private static Initial initial(ModelSpec spec, String parameter) {
    return NetworkStage.build(spec, 8, Mode.TRAINING).parameters().stream()
        .filter(one -> one.name().equals(parameter))
        .map(ParameterSpec::initial)
        .findFirst()
        .orElseThrow();
  }

  private static Initial heNormal(int fan) {
    return new Initial(Initial.Values.HE_NORMAL, fan);
  }

  private static Initial uniform(int fan) {
    return new Initial(Initial.Values.UNIFORM, fan);
  }

  /** The width is an eighth: 8 channels in block1, 64 in block4 and block5. */
  @Test
  void torchvisionTellsTheBackboneFromWhatFollowsIt() {
    ModelSpec spec = with(Specs.cascadeAndPyramid(8), TORCHVISION);
    assertThat(initial(spec, "stem/conv/weights")).isEqualTo(heNormal(49 * 8));
    assertThat(initial(spec, "block2/unit1/conv1/weights")).isEqualTo(heNormal(9 * 16));
    assertThat(initial(spec, "block2/unit1/shortcutConv/weights")).isEqualTo(heNormal(16));
    assertThat(initial(spec, "block5/unit2/conv2/weights")).isEqualTo(heNormal(9 * 64));
    assertThat(initial(spec, "aspp/branch0/conv/weights")).isEqualTo(uniform(64));
    assertThat(initial(spec, "aspp/branch2/conv/weights")).isEqualTo(uniform(9 * 64));
    assertThat(initial(spec, "aspp/imagePooling/conv/weights")).isEqualTo(uniform(64));
    assertThat(initial(spec, "aspp/projection/conv/weights")).isEqualTo(uniform(5 * 8));
    assertThat(initial(spec, "head/scores/weights")).isEqualTo(uniform(8));
    assertThat(initial(spec, "head/scores/bias")).isEqualTo(uniform(8));
    assertThat(initial(spec, "auxiliary/conv/weights")).isEqualTo(uniform(9 * 32));
    assertThat(initial(spec, "auxiliary/scores/bias")).isEqualTo(uniform(8));
    assertThat(initial(spec, "block1/unit1/bn1/gamma")).isEqualTo(Initial.OF_ROLE);
  }

  @Test
  void biasesOfThePyramidOfDeepLabV2AreDrawnLikeItsWeights() {
    ModelSpec spec = with(Specs.frozenScores(8), TORCHVISION);
    assertThat(initial(spec, "aspp/branch1/conv1/bias")).isEqualTo(uniform(9 * 64));
    assertThat(initial(spec, "aspp/branch1/conv2/bias")).isEqualTo(uniform(8));
  }

  @Test
  void fanOutIsOfAllWeightsButThoseOfClassScores() {
    ModelSpec spec = with(Specs.cascadeAndPyramid(8), Conventions.InitialValues.HE_FAN_OUT);
    assertThat(initial(spec, "stem/conv/weights")).isEqualTo(heNormal(49 * 8));
    assertThat(initial(spec, "aspp/branch2/conv/weights")).isEqualTo(heNormal(9 * 8));
    assertThat(initial(spec, "head/scores/weights")).isEqualTo(Initial.OF_ROLE);
    assertThat(initial(spec, "head/scores/bias")).isEqualTo(Initial.OF_ROLE);
  }

  @Test
  void fanInIsWhatTheRolesSay() {
    ModelSpec spec = with(Specs.cascadeAndPyramid(8), Conventions.InitialValues.HE_FAN_IN);
    assertThat(NetworkStage.build(spec, 8, Mode.TRAINING).parameters())
        .extracting(ParameterSpec::initial)
        .containsOnly(Initial.OF_ROLE);
  }

  @Test
  void parametersOfBothGraphsAreTheSame() {
    ModelSpec spec = with(Specs.bottlenecks(8), TORCHVISION);
    assertThat(NetworkStage.build(spec, 8, Mode.TRAINING).parameters())
        .filteredOn(parameter -> !parameter.name().startsWith("auxiliary/"))
        .containsExactlyInAnyOrderElementsOf(
            NetworkStage.build(spec, 8, Mode.INFERENCE).parameters());
    assertThat(spec.conventions().initialValues()).isEqualTo(TORCHVISION);
    assertThat(initial(spec, "block1/unit1/conv3/weights")).isEqualTo(heNormal(4 * 8));
  }

  @Test
  void presetsDecide() {
    assertThat(Conventions.PAPER.initialValues()).isEqualTo(Conventions.InitialValues.HE_FAN_IN);
    assertThat(Conventions.TORCHVISION.initialValues()).isEqualTo(TORCHVISION);
  }
}
