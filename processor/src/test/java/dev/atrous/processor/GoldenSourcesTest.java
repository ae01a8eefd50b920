package dev.atrous.processor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.testing.compile.Compilation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java that is generated for a small model, letter by letter. */
final class GoldenSourcesTest {

  private static Compilation compile() {
    return Compile.strict(Compile.example("Small", "\n" + SmallModel.SOURCE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SmallModel", "SmallTrainingStep", "SmallTrainer", "SmallPredictor"})
  void sourcesAreAsExpected(String name) throws IOException {
    Golden.check(name + ".java.txt", Compile.generated(compile(), "example." + name));
  }

  /** DeepLabv2's pyramid and frozen batch normalisation. */
  @Test
  void aFrozenStepIsAsExpected() throws IOException {
    Compilation compilation =
        Compile.strict(
            Compile.example(
                "Frozen",
                """

                @SuppressWarnings("ATR023")
                @SegmentationModel(classes = 3, crop = 33)
                @Backbone(value = ResNet.RESNET_18, outputStride = 16, width = 0.125)
                @ASPP(form = ASPP.Form.DEEPLAB_V2, rates = {1, 2}, filters = 8, dropout = 0.5)
                @Training(batchSize = 2, batchNorm = Training.BatchNorm.FROZEN)
                public interface Frozen {}
                """));
    Golden.check(
        "FrozenTrainingStep.java.txt",
        Compile.generated(compilation, "example.FrozenTrainingStep"));
  }

  @Test
  void theSameSpecGivesTheSameBytes() {
    List<String> first = sources();
    assertThat(sources()).isEqualTo(first).hasSize(4);
  }

  @Test
  void nothingDependsOnWhenAndWhere() {
    String here = Path.of("").toAbsolutePath().toString();
    assertThat(sources())
        .allSatisfy(
            source ->
                assertThat(source)
                    .doesNotContain(here, "date = \"", "comments =", "\t", "\r")
                    .doesNotContainPattern("20\\d\\d-"));
  }

  private static List<String> sources() {
    return compile().generatedSourceFiles().stream().map(Compile::content).toList();
  }
}
