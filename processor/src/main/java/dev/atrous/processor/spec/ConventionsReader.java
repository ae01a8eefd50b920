package dev.atrous.processor.spec;

import static dev.atrous.processor.spec.Annotations.CONVENTIONS;

/** Reads {@code @Conventions}: a preset, and what replaces parts of it. */
final class ConventionsReader {
  private final SpecReader reader;

  ConventionsReader(SpecReader reader) {
    this.reader = reader;
  }

  /** The paper's without the annotation. */
  Conventions read() {
    if (!reader.has(CONVENTIONS)) {
      return Conventions.PAPER;
    }
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
