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
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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
          Conventions.Preprocessing.MEAN,
          Conventions.InitialValues.HE_FAN_IN);

  private static void check(ModelDescription model) {
    Requirements.TORCHVISION.check(FILE, model);
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
            all.preprocessing(),
            Conventions.InitialValues.HE_FAN_IN);
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

  @Test
  void aBackboneNeedsItsStem() {
    ModelDescription three = Descriptions.with(Conventions.Stem.THREE_3X3);
    Requirements one = Requirements.backbone("tf-slim", Conventions.Stem.ONE_7X7);
    assertThatThrownBy(() -> one.check(FILE, three))
        .isInstanceOf(AtrousException.class)
        .hasMessageStartingWith(
            "The stem of Spec is THREE_3X3, and that of the weights of tf-slim in deeplabv3.pth is ONE_7X7.")
        .hasMessageContaining("@Conventions(stem = Conventions.Stem.ONE_7X7)");
    Requirements beta = Requirements.backbone("tf-slim", Conventions.Stem.THREE_3X3);
    assertThatCode(() -> beta.check(FILE, three)).doesNotThrowAnyException();
    assertThat(beta.unknown(three)).isEmpty();
  }

  /** The first unit of block4 has the rate of the others, and rates are free. */
  @Test
  void segmentationModelsHasConventionsOfItsOwn() {
    Requirements needed = Requirements.SEGMENTATION_MODELS;
    assertThatThrownBy(() -> needed.check(FILE, Descriptions.TORCHVISION))
        .isInstanceOf(AtrousException.class)
        .hasMessageContainingAll(
            "with the weights of segmentation_models.pytorch's DeepLabV3 in deeplabv3.pth:",
            "\n  firstUnitRate is OF_PREVIOUS_BLOCK, the weights need @Conventions(firstUnitRate = Conventions.FirstUnitRate.OF_BLOCK)",
            "\n  interpolation is HALF_PIXEL, the weights need @Conventions(interpolation = Conventions.Interpolation.ALIGN_CORNERS)\n",
            "those of Conventions.Preset.TORCHVISION but for firstUnitRate and interpolation");
    ModelConventions own = Objects.requireNonNull(needed.conventions());
    ModelDescription fits = Descriptions.withRates(own, 8, List.of(4, 4, 4), List.of(6, 12, 18));
    assertThatCode(() -> needed.check(FILE, fits)).doesNotThrowAnyException();
    assertThat(needed.unknown(fits))
        .containsExactly(
            "not in such files, and must be as in the training of the weights: rates of the pyramid"
                + " ({6, 12, 18}), output stride (8; usual there is 8)");
    ModelDescription grid = Descriptions.withRates(own, 8, List.of(4, 8, 16), List.of());
    assertThatThrownBy(() -> needed.check(FILE, grid))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("the multi-grid is {1, 2, 4}, the weights need");
  }

  @Test
  void conventionsAreDecided() {
    ModelConventions all = ModelConventions.TORCHVISION;
    assertThat(all.values()).hasSize(10).containsEntry("head", all.head());
    assertThatThrownBy(() -> Descriptions.with(Conventions.Preprocessing.PRESET))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Preprocessing is not decided");
  }
}
