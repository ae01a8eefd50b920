package dev.atrous.processor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.testing.compile.Compilation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is generated for a training in phases. */
final class PhasesTest {

  private static Compilation compile(String phases) {
    return Compile.strict(
        Compile.example(
            "Phased",
            """

            @SuppressWarnings("ATR023")
            @SegmentationModel(classes = 3, crop = 33)
            @Backbone(value = ResNet.RESNET_18, outputStride = 16, width = 0.125)
            @ASPP(rates = {1, 2}, filters = 8)
            @Training(batchSize = 2, batchNormDecay = 0.9, phases = {%s})
            public interface Phased {}
            """
                .formatted(phases)));
  }

  private static List<String> names(Compilation compilation) {
    return compilation.generatedSourceFiles().stream()
        .map(file -> file.getName().replaceAll(".*/|\\.java", ""))
        .sorted()
        .toList();
  }

  @Test
  void eachPhaseHasAModelAndAStepOfItsOwn() {
    Compilation compilation =
        compile(
            "@Training.Phase(split = \"coarse\"), @Training.Phase(outputStride = 8, steps = 20, learningRate = 0.001,"
                + " batchNorm = Training.BatchNorm.FROZEN)");
    assertThat(names(compilation))
        .containsExactly(
            "PhasedModel",
            "PhasedPhase1Model",
            "PhasedPhase1TrainingStep",
            "PhasedPhase2TrainingStep",
            "PhasedPredictor",
            "PhasedTrainer");
    assertThat(Compile.generated(compilation, "example.PhasedPhase1Model"))
        .contains(
            "Phase 1 of 2 of the training of {@link Phased}: at crop 33 and output stride 16.",
            "new TrainingPhase(1, 2, \"coarse\")",
            "return new PhasedPhase1TrainingStep<>()",
            "return new PhasedModel().scores(nn, images, outputStride)");
    assertThat(Compile.generated(compilation, "example.PhasedModel"))
        .contains(
            "at crop 33 and output stride 8.",
            "new TrainingPhase(2, 2, \"train\")",
            "new TrainingRecipe(2, 20, 0.001,",
            "frozenBatchNorm(",
            "return new PhasedPhase2TrainingStep<>()",
            "return List.of(new PhasedPhase1Model(), this)");
    assertThat(Compile.generated(compilation, "example.PhasedPhase1TrainingStep"))
        .contains("batchNormTraining(", "output stride\n * 16.")
        .doesNotContain("frozenBatchNorm");
    assertThat(Compile.generated(compilation, "example.PhasedPhase2TrainingStep"))
        .contains("output stride\n * 8.")
        .doesNotContain("batchNormTraining(");
  }

  @Test
  void aPhaseNormalisesWithTheBatchesOfAllWorkers() {
    Compilation compilation =
        compile("@Training.Phase, @Training.Phase(batchNorm = Training.BatchNorm.SYNCHRONIZED)");
    assertThat(Compile.generated(compilation, "example.PhasedPhase1Model"))
        .contains("Training.BatchNorm.TRAINED, 0.9,");
    assertThat(Compile.generated(compilation, "example.PhasedModel"))
        .contains("Training.BatchNorm.SYNCHRONIZED, 0.9,")
        .doesNotContain("frozenBatchNorm(");
    assertThat(Compile.generated(compilation, "example.PhasedPhase1TrainingStep"))
        .doesNotContain("synchronizedBatchNorm(");
    assertThat(Compile.generated(compilation, "example.PhasedPhase2TrainingStep"))
        .contains(
            "bn1 = nn.synchronizedBatchNorm(conv1, \"bn1\", 1.0E-5f);",
            "= grad.batchNorm(dBn1, bn1);",
            "update.movingAverages(\"bn1\", bn1, 0.9f);")
        .doesNotContain("batchNormTraining(");
  }

  @Test
  void phasesThatNeedTheSameStepShareIt() {
    Compilation compilation =
        compile(
            "@Training.Phase, @Training.Phase(outputStride = 8), @Training.Phase(learningRate = 0.001)");
    assertThat(names(compilation))
        .contains("PhasedPhase1TrainingStep", "PhasedPhase2TrainingStep", "PhasedPhase2Model")
        .doesNotContain("PhasedPhase3TrainingStep", "PhasedTrainingStep", "PhasedPhase3Model");
    assertThat(Compile.generated(compilation, "example.PhasedModel"))
        .contains("return new PhasedPhase1TrainingStep<>()");
  }
}
