package dev.atrous.processor.spec;

import static dev.atrous.processor.spec.Annotations.CONVENTIONS;

import dev.atrous.processor.diag.DiagnosticId;
import java.util.List;

/** Reads {@code @Conventions}: a preset, and what replaces parts of it. */
final class ConventionsReader {
  private static final String STRIDE = CONVENTIONS + ".stride";
  private static final String IMAGE_FEATURES = CONVENTIONS + ".imageFeatures";

  private final SpecReader reader;
  private final Findings findings;

  ConventionsReader(SpecReader reader, Findings findings) {
    this.reader = reader;
    this.findings = findings;
  }

  /**
   * The paper's without the annotation.
   *
   * @param imageFeatures whether the model has them
   */
  Conventions read(Architecture architecture, boolean imageFeatures) {
    if (!reader.has(CONVENTIONS)) {
      return Conventions.PAPER;
    }
    Conventions conventions = conventions();
    if (conventions.stride() == Conventions.Stride.FIRST_1X1 && !architecture.bottleneck()) {
      findings.reportWritten(
          DiagnosticId.STRIDE_NEEDS_BOTTLENECK,
          List.of(STRIDE, CONVENTIONS + ".value"),
          architecture.title());
    }
    if (findings.isWritten(IMAGE_FEATURES) && !imageFeatures) {
      findings.report(DiagnosticId.IMAGE_FEATURES_ABSENT, IMAGE_FEATURES);
    }
    return conventions;
  }

  private Conventions conventions() {
    Conventions preset =
        reader.constant(CONVENTIONS + ".value", Conventions.Preset.class).conventions();
    return new Conventions(
        of("stride", Conventions.Stride.class, preset.stride()),
        of("stem", Conventions.Stem.class, preset.stem()),
        of("padding", Conventions.Padding.class, preset.padding()),
        of("firstUnitRate", Conventions.FirstUnitRate.class, preset.firstUnitRate()),
        of("imageFeatures", Conventions.ImageFeatures.class, preset.imageFeatures()),
        of("head", Conventions.Head.class, preset.head()),
        of("interpolation", Conventions.Interpolation.class, preset.interpolation()),
        of("weightDecay", Conventions.WeightDecay.class, preset.weightDecay()),
        of("preprocessing", Conventions.Preprocessing.class, preset.preprocessing()));
  }

  private <E extends Enum<E>> E of(String member, Class<E> type, E preset) {
    return reader.constant(CONVENTIONS + "." + member, type, preset);
  }
}
