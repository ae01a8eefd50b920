package dev.atrous.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atrous.processor.diag.Diagnostic;
import dev.atrous.processor.diag.DiagnosticId;
import dev.atrous.processor.diag.Diagnostics;
import dev.atrous.processor.network.Mode;
import dev.atrous.processor.network.NetworkStage;
import dev.atrous.processor.plan.PlanChecks;
import dev.atrous.processor.spec.Architecture;
import dev.atrous.processor.spec.Conventions;
import dev.atrous.processor.spec.ModelSpec;
import dev.atrous.processor.spec.Origins;
import dev.atrous.processor.spec.SpecName;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sizes that messages suggest are good, and the next ones are not. */
final class SuggestionsTest {

  /** A spec of one value. */
  private interface Spec {
    ModelSpec with(int crop, int value);
  }

  private static ModelSpec spec(
      int crop, int stride, ModelSpec.Cascade cascade, List<Integer> rates, int batch, int budget) {
    return new ModelSpec(
        new SpecName("example", "Small", true),
        3,
        List.of(),
        SmallModel.PAPERS_BANDS,
        crop,
        new ModelSpec.Backbone(Architecture.RESNET_18, stride, 0.125),
        cascade,
        rates.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new ModelSpec.Pyramid(ModelSpec.Pyramid.Form.DEEPLAB_V3, rates, true, 8, 0)),
        Optional.empty(),
        Conventions.PAPER,
        ModelSpec.Loss.CROSS_ENTROPY,
        new ModelSpec.Training(
            batch,
            1000,
            0.1,
            0.9,
            0.9,
            0,
            0.9,
            SmallModel.PAPERS_CHANGES,
            ModelSpec.Training.BatchNorm.TRAINED,
            budget,
            ModelSpec.Optimization.PAPER),
        Origins.NONE);
  }

  private static ModelSpec.Cascade cascade(int lastBlock, Integer... multiGrid) {
    return new ModelSpec.Cascade(lastBlock, List.of(multiGrid));
  }

  /** What is said about the plan of a spec, by an id. */
  private static List<String> messages(ModelSpec spec, DiagnosticId id) {
    Diagnostics diagnostics = new Diagnostics();
    PlanChecks.check(
        spec,
        NetworkStage.build(spec, spec.backbone().outputStride(), Mode.TRAINING),
        ModelProcessor.costs(spec),
        ModelProcessor::costs,
        diagnostics);
    return diagnostics.all().stream()
        .filter(diagnostic -> diagnostic.id() == id)
        .map(Diagnostic::text)
        .toList();
  }

  private static int suggested(String message, String what) {
    Matcher number = Pattern.compile(what + "([\\d,]+)").matcher(message);
    assertThat(number.find()).as(message).isTrue();
    return Integer.parseInt(number.group(1).replace(",", ""));
  }

  @ParameterizedTest
  @CsvSource({"129, 16, 5", "129, 8, 9", "97, 8, 40", "97, 8, 6"})
  void ratesOfThePyramid(int crop, int stride, int rate) {
    checkRates(
        (size, value) -> spec(size, stride, cascade(4, 1, 1), List.of(value), 2, 0),
        "a rate of at most ",
        crop,
        stride,
        rate);
  }

  @ParameterizedTest
  @CsvSource({"257, 16, 2", "257, 16, 9", "257, 8, 3", "257, 32, 1024"})
  void unitRates(int crop, int stride, int rate) {
    checkRates(
        (size, value) -> spec(size, stride, cascade(5, 1, value), List.of(), 2, 0),
        "a unit rate of at most ",
        crop,
        stride,
        rate);
  }

  @ParameterizedTest
  @CsvSource({"161, 16, 7", "161, 16, 6", "161, 8, 7"})
  void lengthsOfTheCascade(int crop, int stride, int lastBlock) {
    checkRates(
        (size, value) -> spec(size, stride, cascade(value, 1, 1), List.of(), 2, 0),
        "lastBlock = ",
        crop,
        stride,
        lastBlock);
  }

  private static void checkRates(Spec spec, String what, int crop, int stride, int value) {
    DiagnosticId id = DiagnosticId.VALID_WEIGHTS;
    List<String> found = messages(spec.with(crop, value), id);
    assertThat(found).hasSize(1);
    int goodCrop = suggested(found.get(0), "crop of at least ");
    int good = suggested(found.get(0), what);
    assertThat(goodCrop % stride).isOne();
    assertThat(messages(spec.with(goodCrop, value), id)).isEmpty();
    assertThat(messages(spec.with(goodCrop - stride, value), id)).hasSize(1);
    assertThat(messages(spec.with(crop, good), id)).isEmpty();
    assertThat(messages(spec.with(crop, good + 1), id)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"9, 8, 129", "5, 7, 129", "8, 8, 125"})
  void sizesThatFitTheMemory(int budget, int batch, int crop) {
    String message = overBudget(budget, batch, crop).get(0);
    int goodBatch = suggested(message, "batchSize of ");
    int goodCrop = suggested(message, "a crop of ");
    assertThat(goodCrop % 16).isOne();
    assertThat(overBudget(budget, goodBatch, crop)).isEmpty();
    assertThat(overBudget(budget, goodBatch + 1, crop)).hasSize(1);
    assertThat(overBudget(budget, batch, goodCrop)).isEmpty();
    assertThat(overBudget(budget, batch, goodCrop + 16)).hasSize(1);
  }

  @Test
  void theAlignedCropRightBelowIsTried() {
    int batch = 512;
    int needed = suggested(overBudget(1, batch, 129).get(0), "keeps ");
    assertThat(suggested(overBudget(needed, batch, 130).get(0), "a crop of ")).isEqualTo(129);
  }

  private static List<String> overBudget(int budget, int batch, int crop) {
    return messages(
        spec(crop, 16, cascade(4, 1, 1), List.of(1, 2), batch, budget), DiagnosticId.MEMORY_BUDGET);
  }
}
