package dev.atrous.processor.spec;

import static dev.atrous.processor.spec.Annotations.TRAINING;

import dev.atrous.processor.diag.DiagnosticId;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.DoubleStream;

/** Reads {@code @Training}. */
final class TrainingReader {
  /** Of training images. 256 times the pixels is more than any recipe has use for. */
  private static final double LARGEST_SCALE = 16;

  /** The share of their first values that moving averages may have at the end of the training. */
  static final double LARGEST_REMAINDER = 0.1;

  /** The share that a suggested decay leaves. */
  static final double SMALL_REMAINDER = 0.01;

  private static final String DECAY = TRAINING + ".batchNormDecay";
  private static final String SMALLEST = TRAINING + ".minScale";
  private static final String LARGEST = TRAINING + ".maxScale";

  private static final double[] COMMON_DECAYS = {0.999, 0.99, 0.9, 0.5};

  private final SpecReader reader;
  private final Findings findings;

  TrainingReader(SpecReader reader, Findings findings) {
    this.reader = reader;
    this.findings = findings;
  }

  /** The paper's unless something else is written; not checked. */
  ModelSpec.Training read() {
    return new ModelSpec.Training(
        reader.integer(TRAINING + ".batchSize"),
        reader.integer(TRAINING + ".steps"),
        reader.real(TRAINING + ".learningRate"),
        reader.real(TRAINING + ".power"),
        reader.real(TRAINING + ".momentum"),
        reader.real(TRAINING + ".weightDecay"),
        reader.real(DECAY),
        augmentation(),
        reader.constant(TRAINING + ".batchNorm", ModelSpec.Training.BatchNorm.class),
        reader.integer(TRAINING + ".memoryBudget"),
        optimization());
  }

  /**
   * Checks the values of a training.
   *
   * @param first whether it is the first phase, which moving averages start with, or the only one
   */
  void check(ModelSpec.Training training, boolean first) {
    checkNatural("batchSize", training.batchSize());
    checkNatural("steps", training.steps());
    checkPositive("learningRate", training.learningRate());
    checkPositive("power", training.power());
    checkFraction("momentum", training.momentum());
    checkFraction("weightDecay", training.weightDecay());
    checkFraction("batchNormDecay", training.batchNormDecay());
    checkAugmentation(training.augmentation());
    checkOptimization(training);
    int budget = training.memoryBudget();
    check("memoryBudget", budget, budget >= 0, "at least 0", "It is in MiB, and 0 is no limit");
    if (first && !training.freezesBatchNorm()) {
      checkAverages(training.batchNormDecay(), training.steps());
    }
  }

  /** Reports a decay that no phase uses. */
  void checkDecay(ModelSpec.Training training) {
    if (training.freezesBatchNorm() && findings.isOnSpec(DECAY)) {
      findings.report(DiagnosticId.DECAY_OF_FROZEN_AVERAGES, DECAY, training.batchNormDecay());
    }
  }

  private ModelSpec.Optimization optimization() {
    return new ModelSpec.Optimization(
        reader.constant(TRAINING + ".schedule", ModelSpec.Optimization.Schedule.class),
        reader.integer(TRAINING + ".warmupSteps"),
        reader.integer(TRAINING + ".accumulate"),
        reader.constant(TRAINING + ".optimizer", ModelSpec.Optimization.Optimizer.class),
        reader.real(TRAINING + ".beta2"),
        reader.real(TRAINING + ".clipNorm"),
        new PartsReader(reader, findings).read());
  }

  private void checkOptimization(ModelSpec.Training training) {
    ModelSpec.Optimization optimization = training.optimization();
    int warmup = optimization.warmupSteps();
    boolean good = warmup >= 0 && (warmup < training.steps() || training.steps() < 1);
    String range = "at least 0 and less than the steps, " + training.steps();
    check("warmupSteps", warmup, good, range, "0 is no warm-up");
    int accumulate = optimization.accumulate();
    check("accumulate", accumulate, accumulate >= 1, "at least 1", "1 updates after each batch");
    if (optimization.schedule() == ModelSpec.Optimization.Schedule.COSINE) {
      checkEffect("power", training.power(), "the cosine schedule has no exponent");
    }
    double beta2 = optimization.beta2();
    check("beta2", beta2, isFraction(beta2), "at least 0 and less than 1", "0.999 is usual");
    double norm = optimization.clipNorm();
    boolean possible = norm >= 0 && Double.isFinite(norm);
    check("clipNorm", norm, possible, "at least 0", "0 is no limit");
    if (optimization.optimizer() == ModelSpec.Optimization.Optimizer.SGD) {
      checkEffect("beta2", beta2, "gradient descent with momentum keeps no squares of gradients");
    } else if (!findings.isWritten(TRAINING + ".learningRate")) {
      findings.report(
          DiagnosticId.RATE_OF_ANOTHER_OPTIMIZER, TRAINING + ".optimizer", training.learningRate());
    }
  }

  /** Reports a value that is written on the spec and does nothing. */
  private void checkEffect(String member, double value, String why) {
    String path = TRAINING + "." + member;
    if (findings.isOnSpec(path)) {
      findings.report(DiagnosticId.TRAINING_WITHOUT_EFFECT, path, member, value, why);
    }
  }

  private ModelSpec.Training.Augmentation augmentation() {
    return new ModelSpec.Training.Augmentation(
        reader.real(SMALLEST),
        reader.real(LARGEST),
        reader.bool(TRAINING + ".verticalFlip"),
        reader.real(TRAINING + ".rotation"),
        reader.real(TRAINING + ".brightness"),
        reader.real(TRAINING + ".contrast"),
        reader.real(TRAINING + ".saturation"),
        reader.real(TRAINING + ".hue"));
  }

  private void checkAugmentation(ModelSpec.Training.Augmentation augmentation) {
    checkScales(augmentation.minScale(), augmentation.maxScale());
    checkRange("rotation", augmentation.rotation(), 180, "It is in degrees, to either side");
    String factor = "Factors are drawn from 1 minus to 1 plus this";
    checkRange("brightness", augmentation.brightness(), 1, factor);
    checkRange("contrast", augmentation.contrast(), 1, factor);
    checkRange("saturation", augmentation.saturation(), 1, factor);
    checkRange("hue", augmentation.hue(), 0.5, "It is a share of the circle of colours");
  }

  /** A random change that 0 switches off. */
  private void checkRange(String member, double value, double most, String meaning) {
    String range =
        "at least 0 and at most " + BigDecimal.valueOf(most).stripTrailingZeros().toPlainString();
    check(member, value, value >= 0 && value <= most, range, meaning + ", and 0 is none");
  }

  private void checkNatural(String member, int value) {
    check(member, value, value >= 1, "at least 1", paperUses(member));
  }

  private void checkPositive(String member, double value) {
    boolean good = value > 0 && value < 1e3;
    check(member, value, good, "greater than 0 and less than 1000", paperUses(member));
  }

  private void checkFraction(String member, double value) {
    check(member, value, isFraction(value), "at least 0 and less than 1", paperUses(member));
  }

  private static boolean isFraction(double value) {
    return value >= 0 && value < 1;
  }

  /**
   * They are compared with each other only if they are good; the one that is written is to blame.
   */
  private void checkScales(double smallest, double largest) {
    String range = "greater than 0 and at most 16";
    boolean smallestGood = isScale(smallest);
    boolean largestGood = isScale(largest);
    check("minScale", smallest, smallestGood, range, paperUses("minScale"));
    check("maxScale", largest, largestGood, range, paperUses("maxScale"));
    if (smallestGood && largestGood && smallest > largest) {
      if (findings.blamed(List.of(LARGEST, SMALLEST)).equals(LARGEST)) {
        String atLeast = "at least minScale, " + smallest + ", and at most 16";
        check("maxScale", largest, false, atLeast, paperUses("maxScale"));
      } else {
        String atMost = "greater than 0 and at most maxScale, " + largest;
        check("minScale", smallest, false, atMost, paperUses("minScale"));
      }
    }
  }

  private static boolean isScale(double value) {
    return value > 0 && value <= LARGEST_SCALE;
  }

  /**
   * Whether the moving averages get away from their first values, a mean of 0 and a variance of 1.
   */
  private void checkAverages(double decay, int steps) {
    if (!isFraction(decay) || steps < 1) {
      return;
    }
    double remainder = Math.pow(decay, steps);
    if (remainder > LARGEST_REMAINDER) {
      findings.reportWritten(
          DiagnosticId.AVERAGES_TOO_SLOW,
          List.of(DECAY, TRAINING + ".steps"),
          decay,
          Math.min(99, Math.round(100 * remainder)),
          steps,
          fastEnough(steps),
          (long) Math.ceil(Math.log(SMALL_REMAINDER) / Math.log(decay)));
    }
  }

  private static double fastEnough(int steps) {
    return DoubleStream.of(COMMON_DECAYS)
        .filter(decay -> Math.pow(decay, steps) <= SMALL_REMAINDER)
        .findFirst()
        .orElse(0);
  }

  /** The defaults are the paper's. */
  private String paperUses(String member) {
    return "The paper uses " + reader.byDefault(TRAINING + "." + member);
  }

  private void check(String member, Object value, boolean good, String range, String advice) {
    if (!good) {
      findings.report(
          DiagnosticId.TRAINING_RANGE, TRAINING + "." + member, member, value, range, advice);
    }
  }
}
