package dev.atrous.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atrous.annotation.Training;
import dev.atrous.runtime.AtrousException;
import dev.atrous.runtime.TinyModel;
import dev.atrous.runtime.model.AugmentationRecipe;
import dev.atrous.runtime.model.LayerDescription;
import dev.atrous.runtime.model.LossRecipe;
import dev.atrous.runtime.model.ModelDescription;
import dev.atrous.runtime.model.Optimization;
import dev.atrous.runtime.model.TrainingRecipe;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunChecksTest {
  /** As the paper's: a crop of 513 at output stride 16, rates 6, 12 and 18, image pooling. */
  private static final ModelDescription PAPER = paper(Training.BatchNorm.TRAINED, 16);

  private static ModelDescription paper(Training.BatchNorm batchNorm, int batchSize) {
    ModelDescription tiny = new TinyModel().description();
    return new ModelDescription(
        "Paper",
        "ResNet-101",
        21,
        513,
        16,
        List.of(8, 16),
        new TrainingRecipe(
            batchSize,
            30_000,
            0.007,
            0.9,
            0.9,
            1e-4,
            AugmentationRecipe.scales(0.5, 2),
            batchNorm,
            0.9997,
            Optimization.PAPER),
        LossRecipe.CROSS_ENTROPY,
        List.of(
            layer("stem/conv", 7, 1, 513),
            layer("block1/unit1/conv2", 3, 1, 129),
            layer("aspp/branch1/conv", 3, 6, 33),
            layer("aspp/branch2/conv", 3, 12, 33),
            layer("aspp/branch3/conv", 3, 18, 33),
            layer("aspp/imagePooling/conv", 1, 1, 1)),
        0,
        0,
        tiny.conventions(),
        tiny.pixels(),
        List.of(),
        List.of());
  }

  private static LayerDescription layer(String name, int kernel, int rate, int map) {
    return new LayerDescription(name, kernel, 1, rate, rate, map, map, map, map, 8, 1, 1, 1, 0, 0);
  }

  private static TrainingOptions.Builder options() {
    return TrainingOptions.of(PAPER);
  }

  private static List<String> remarks(TrainingOptions.Builder options) {
    return RunChecks.remarks(PAPER, options.build());
  }

  @Test
  void theSpecsOwnValuesAreTheCompilersMatter() {
    assertThat(remarks(options())).isEmpty();
    assertThat(remarks(options().batchSize(8).steps(60_000).crop(769))).isEmpty();
  }

  @Test
  void aBatchOfOneLeavesNothingOfImagePooling() {
    assertThat(remarks(options().batchSize(1)))
        .singleElement()
        .asString()
        .startsWith("[ATR017] with a batch of 1, batch normalisation after image pooling sees one");
    ModelDescription frozen = paper(Training.BatchNorm.FROZEN, 16);
    TrainingOptions one =
        TrainingOptions.of(frozen).weights(Path.of("any")).batchSize(1).steps(1).build();
    assertThat(RunChecks.remarks(frozen, one)).isEmpty();
    ModelDescription ofAll = paper(Training.BatchNorm.SYNCHRONIZED, 1); // as its spec says
    assertThat(RunChecks.remarks(ofAll, TrainingOptions.of(ofAll).build()))
        .singleElement()
        .asString()
        .startsWith("[ATR017] with a batch of 1");
    assertThat(
            RunChecks.remarks(
                new TinyModel().description(),
                TrainingOptions.of(new TinyModel().description()).batchSize(1).build()))
        .isEmpty(); // no pooling among its layers
  }

  @Test
  void fewStepsLeaveTheAveragesWhereTheyStart() {
    assertThat(remarks(options().steps(150)))
        .singleElement()
        .asString()
        .startsWith("[ATR032] with the batchNormDecay of 0.9997, 96% of the moving averages")
        .contains("after 150 steps", "at least 15349 steps", "'batchNormDecay = 0.9'");
    assertThat(remarks(options().steps(7674))).hasSize(1); // 0.1 is left after 7674.1 steps
    assertThat(remarks(options().steps(7675))).isEmpty();
    assertThat(remarks(options().steps(150).weights(Path.of("trained")))).isEmpty();
  }

  @Test
  void aSmallCropIsToldWithItsMaps() {
    List<String> remarks = remarks(options().crop(40));
    assertThat(remarks).hasSize(2);
    assertThat(remarks.get(0))
        .isEqualTo(
            "[ATR006] a crop of 40 pixels is not 1 modulo the output stride 16, so the corners of the feature map do not fall on the corners of the crop. Use 33 or 49.");
    // 1/9 where the centre alone meets the map; (1 - 2/3 * rate / 33) ^ 2 in the spec's crop
    assertThat(remarks.get(1))
        .isEqualTo(
            "[ATR023] with a crop of 40 pixels, rates are large for their maps: a rate of 6 on a 3 x 3 map (aspp/branch1/conv): 11% of a 3x3 filter's weights meet it, 77% in the spec's crop; 12 on a 3 x 3 map (aspp/branch2/conv): 11% of a 3x3 filter's weights meet it, 57% in the spec's crop; 18 on a 3 x 3 map (aspp/branch3/conv): 11% of a 3x3 filter's weights meet it, 40% in the spec's crop. For half of the weights to meet the map, use a crop of at least 641; the spec has 513.");
  }

  @Test
  void whatALargerCropMendsIsNotTold() {
    assertThat(remarks(options().crop(577))).isEmpty(); // 45% at rate 18, but more than before
    assertThat(remarks(options().crop(497)))
        .singleElement()
        .asString()
        .contains("a rate of 18 on a 32 x 32 map")
        .doesNotContain("12 on");
  }

  @Test
  void aMapOfOnePixelIsRefused() {
    assertThatThrownBy(() -> remarks(options().crop(16)))
        .isInstanceOf(AtrousException.class)
        .hasMessage(
            "A crop of 16 pixels has a feature map of one pixel at the output stride 16 of Paper. Use a crop of at least 17.");
    assertThatThrownBy(
            () ->
                new Trainer(
                    new TinyModel(),
                    TrainingOptions.of(new TinyModel().description()).crop(4).build()))
        .isInstanceOf(AtrousException.class)
        .hasMessageContaining("Use a crop of at least 5.");
  }
}
