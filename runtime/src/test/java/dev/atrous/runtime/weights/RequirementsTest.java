package dev.atrous.runtime.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.annotation.Conventions;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.model.ModelConventions;
import dev.atrous.runtime.model.ModelDescription;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Models that weights fit by name and shape, and that would still compute something else. */
class RequirementsTest {
  private static final Path FILE = Path.of("deeplabv3.pth");

  /** Nothing in common with torchvision. */
  private static final ModelConventions OTHER =
      new ModelConventions(
          Conventions.Stride.LAST_3X3,
          Conventions.Stem.THREE_3X3,
          Conventions.Padding.SAME,
          Conventions.FirstUnitRate.OF_BLOCK,
          Conventions.ImageFeatures.FIRST,
          Conventions.Head.SCORES,
          Conventions.Interpolation.ALIGN_CORNERS,
          Conventions.WeightDecay.CONVOLUTIONS,
          Conventions.Preprocessing.MEAN);

  private static void check(ModelDescription model) {
    Requirements.check(WeightSource.TORCHVISION, FILE, model);
  }

  @Test
  void everyConventionOfTheFunctionIsToldWithWhatToWrite() {
    assertThatThrownBy(() -> check(Descriptions.of(OTHER, 8, List.of())))
        .isInstanceOf(AtrousException.class)
        .hasMessage(
            """
            Spec would compute another function with the weights of torchvision's DeepLabv3 in deeplabv3.pth:
              stride is LAST_3X3, the weights need @Conventions(stride = Conventions.Stride.FIRST_3X3)
              stem is THREE_3X3, the weights need @Conventions(stem = Conventions.Stem.ONE_7X7)
              padding is SAME, the weights need @Conventions(padding = Conventions.Padding.SYMMETRIC)
              firstUnitRate is OF_BLOCK, the weights need @Conventions(firstUnitRate = Conventions.FirstUnitRate.OF_PREVIOUS_BLOCK)
              imageFeatures is FIRST, the weights need @Conventions(imageFeatures = Conventions.ImageFeatures.LAST)
              head is SCORES, the weights need @Conventions(head = Conventions.Head.CONV_3X3_AND_SCORES)
              interpolation is ALIGN_CORNERS, the weights need @Conventions(interpolation = Conventions.Interpolation.HALF_PIXEL)
              preprocessing is MEAN, the weights need @Conventions(preprocessing = Conventions.Preprocessing.MEAN_AND_DEVIATION)
            Change the spec and compile it again. @Conventions(Conventions.Preset.TORCHVISION) sets all conventions of the weights.""");
  }

  @Test
  void theWeightDecayIsFree() {
    ModelConventions all = ModelConventions.TORCHVISION;
    ModelConventions decay =
        new ModelConventions(
            all.stride(),
            all.stem(),
            all.padding(),
            all.firstUnitRate(),
            all.imageFeatures(),
            all.head(),
            all.interpolation(),
            Conventions.WeightDecay.CONVOLUTIONS,
            all.preprocessing());
    assertThatCode(() -> check(Descriptions.of(decay, 8, List.of()))).doesNotThrowAnyException();
  }

  static List<Arguments> sameAtStride8() {
    return List.of(
        Arguments.of(8, List.of(2, 4, 4), List.of(12, 24, 36)),
        Arguments.of(16, List.of(1, 2, 2), List.of(6, 12, 18)),
        Arguments.of(32, List.of(1, 1, 1), List.of(3, 6, 9)),
        Arguments.of(8, List.of(2, 4, 4), List.of()));
  }

  @ParameterizedTest
  @MethodSource("sameAtStride8")
  void theOutputStrideOfTheTrainingIsFree(
      int outputStride, List<Integer> units, List<Integer> branches) {
    assertThatCode(() -> check(Descriptions.withRates(outputStride, units, branches)))
        .doesNotThrowAnyException();
  }

  @Test
  void ratesAndMultiGridAreToldWithWhatToWrite() {
    assertThatThrownBy(
            () -> check(Descriptions.withRates(16, List.of(1, 4, 8), List.of(12, 24, 36))))
        .isInstanceOf(AtrousException.class)
        .hasMessageContainingAll(
            "\n  the multi-grid is {1, 2, 4}, the weights need @AtrousCascade(multiGrid = {1, 1, 1})",
            "\n  the rates of the pyramid are {12, 24, 36}, the weights need @ASPP(rates = {6, 12, 18})");
  }

  @ParameterizedTest
  @EnumSource(
      value = WeightSource.class,
      names = {"TORCHVISION_RESNET", "TF_SLIM"})
  void noBackboneHasAStemOfThreeConvolutions(WeightSource source) {
    ModelDescription three = Descriptions.with(Conventions.Stem.THREE_3X3);
    assertThatThrownBy(() -> Requirements.check(source, FILE, three))
        .isInstanceOf(AtrousException.class)
        .hasMessageStartingWith(
            "The stem of Spec is THREE_3X3, and " + source + " has no weights of such a stem")
        .hasMessageContaining("@Conventions(stem = Conventions.Stem.ONE_7X7)");
  }

  @Test
  void conventionsAreDecided() {
    ModelConventions all = ModelConventions.TORCHVISION;
    assertThat(all.values()).hasSize(9).containsEntry("head", all.head());
    assertThatThrownBy(() -> Descriptions.with(Conventions.Preprocessing.PRESET))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Preprocessing is not decided");
  }
}
