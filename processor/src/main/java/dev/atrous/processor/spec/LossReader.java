package dev.atrous.processor.spec;

import static dev.atrous.processor.spec.Annotations.LOSS;

import dev.atrous.processor.diag.DiagnosticId;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads {@code @Loss}. */
final class LossReader {
  private static final double LARGEST_WEIGHT = 1e6;

  private static final String CLASS_WEIGHTS = LOSS + ".classWeights";
  private static final String GAMMA = LOSS + ".focalGamma";
  private static final List<String> FACTORS =
      List.of(LOSS + ".crossEntropy", LOSS + ".focal", LOSS + ".dice");

  private final SpecReader reader;
  private final Findings findings;

  LossReader(SpecReader reader, Findings findings) {
    this.reader = reader;
    this.findings = findings;
  }

  /** The paper's unless something else is written. */
  ModelSpec.Loss read(int classes) {
    ModelSpec.Loss loss =
        new ModelSpec.Loss(
            reader.real(FACTORS.get(0)),
            reader.real(FACTORS.get(1)),
            reader.real(FACTORS.get(2)),
            reader.real(GAMMA),
            reader.reals(CLASS_WEIGHTS));
    FACTORS.forEach(this::checkFactor);
    if (FACTORS.stream().allMatch(factor -> reader.real(factor) == 0)) {
      findings.reportWritten(DiagnosticId.LOSS_EMPTY, FACTORS);
    }
    double gamma = loss.focalGamma();
    if (!(gamma > 0 && gamma <= 10)) {
      findings.report(
          DiagnosticId.LOSS_RANGE, GAMMA, "focalGamma", gamma, "greater than 0 and at most 10");
    }
    checkWeights(loss.classWeights(), classes);
    checkEffect(loss);
    return loss;
  }

  private void checkFactor(String path) {
    double factor = reader.real(path);
    if (!(factor >= 0 && factor <= 1e3)) {
      String name = path.substring(LOSS.length() + 1);
      findings.report(DiagnosticId.LOSS_RANGE, path, name, factor, "at least 0 and at most 1000");
    }
  }

  private void checkWeights(List<Double> weights, int classes) {
    if (weights.isEmpty()) {
      return;
    }
    if (weights.size() != classes) {
      findings.report(
          DiagnosticId.CLASS_WEIGHTS_COUNT, CLASS_WEIGHTS, weights.size(), classes, ones(classes));
    }
    for (int label = 0; label < weights.size(); label++) {
      double weight = weights.get(label);
      if (!(weight >= 0 && weight <= LARGEST_WEIGHT)) {
        String path = CLASS_WEIGHTS + "[" + label + "]";
        findings.report(DiagnosticId.CLASS_WEIGHT_RANGE, path, weight, label);
      }
    }
    if (weights.stream().allMatch(weight -> weight == 0)) {
      findings.report(DiagnosticId.CLASS_WEIGHTS_ZERO, CLASS_WEIGHTS);
    }
  }

  /** {@code {1, 1, 1}}, or its beginning. */
  private static String ones(int classes) {
    String some =
        IntStream.range(0, Math.min(classes, 4))
            .mapToObj(i -> "1")
            .collect(Collectors.joining(", "));
    return "{" + some + (classes > 4 ? ", ...}" : "}");
  }

  /** Whether what is written has something to have an effect on. */
  private void checkEffect(ModelSpec.Loss loss) {
    boolean weighted = loss.crossEntropy() != 0 || loss.focal() != 0;
    if (!weighted && findings.isOnSpec(CLASS_WEIGHTS)) {
      findings.report(
          DiagnosticId.LOSS_WITHOUT_EFFECT,
          CLASS_WEIGHTS,
          "class weights have",
          "in the Dice loss all classes count the same. Remove them, or give crossEntropy or focal"
              + " a factor");
    }
    if (loss.focal() == 0 && findings.isOnSpec(GAMMA)) {
      findings.report(
          DiagnosticId.LOSS_WITHOUT_EFFECT,
          GAMMA,
          "the focalGamma of " + loss.focalGamma() + " has",
          "the focal loss has a factor of 0. Remove it, or write 'focal = 1'");
    }
  }
}
