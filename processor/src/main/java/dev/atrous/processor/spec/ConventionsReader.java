package dev.atrous.processor.spec;

import static dev.atrous.processor.spec.Annotations.CONVENTIONS;

import dev.atrous.processor.diag.DiagnosticId;
import java.util.List;
import java.util.Optional;

/** Reads {@code @Conventions}: a preset, and what replaces parts of it. */
final class ConventionsReader {
  private static final String STRIDE = CONVENTIONS + ".stride";
  private static final String IMAGE_FEATURES = CONVENTIONS + ".imageFeatures";
  private static final String HEAD = CONVENTIONS + ".head";
  private static final String PRESET = CONVENTIONS + ".value";

  private final SpecReader reader;
  private final Findings findings;

  ConventionsReader(SpecReader reader, Findings findings) {
    this.reader = reader;
    this.findings = findings;
  }

  /** The paper's unless something else is written. */
  Conventions read(Architecture architecture, Optional<ModelSpec.Pyramid> pyramid) {
    Conventions conventions = conventions();
    if (conventions.stride() == Conventions.Stride.FIRST_1X1 && !architecture.bottleneck()) {
      findings.reportWritten(
          DiagnosticId.STRIDE_NEEDS_BOTTLENECK, List.of(STRIDE, PRESET), architecture.title());
    }
    boolean endsWithScores = pyramid.map(ModelSpec.Pyramid::endsWithScores).orElse(false);
    if (endsWithScores && conventions.head() != Conventions.Head.SCORES) {
      findings.reportWritten(DiagnosticId.HEAD_AFTER_SCORES, List.of(HEAD, PRESET));
    }
    boolean imageFeatures = pyramid.map(ModelSpec.Pyramid::imagePooling).orElse(false);
    if (findings.isOnSpec(IMAGE_FEATURES) && !imageFeatures) {
      findings.report(DiagnosticId.IMAGE_FEATURES_ABSENT, IMAGE_FEATURES);
    }
    return conventions;
  }

  private Conventions conventions() {
    Conventions preset = reader.constant(PRESET, Conventions.Preset.class).conventions();
    return new Conventions(
        of("stride", Conventions.Stride.class, preset.stride()),
        of("stem", Conventions.Stem.class, preset.stem()),
        of("padding", Conventions.Padding.class, preset.padding()),
        of("firstUnitRate", Conventions.FirstUnitRate.class, preset.firstUnitRate()),
        of("imageFeatures", Conventions.ImageFeatures.class, preset.imageFeatures()),
        of("head", Conventions.Head.class, preset.head()),
        of("interpolation", Conventions.Interpolation.class, preset.interpolation()),
        of("weightDecay", Conventions.WeightDecay.class, preset.weightDecay()),
        of("preprocessing", Conventions.Preprocessing.class, preset.preprocessing()),
        of("initialValues", Conventions.InitialValues.class, preset.initialValues()));
  }

  private <E extends Enum<E>> E of(String member, Class<E> type, E preset) {
    return reader.constant(CONVENTIONS + "." + member, type, preset);
  }
}
