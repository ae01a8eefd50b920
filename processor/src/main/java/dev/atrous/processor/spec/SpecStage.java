package dev.atrous.processor.spec;

import static dev.atrous.processor.spec.Annotations.AUXILIARY_HEAD;
import static dev.atrous.processor.spec.Annotations.SEGMENTATION_MODEL;
import static dev.atrous.processor.spec.Annotations.TRAINING;

import dev.atrous.processor.diag.DiagnosticId;
import dev.atrous.processor.diag.Diagnostics;
import dev.atrous.processor.diag.Origin;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.Name;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;

/**
 * The first stage: reads a spec, checks each value and how they fit together, and reports all that
 * is wrong. A reader per annotation checks what concerns it alone; this class does the rest.
 */
public final class SpecStage {
  private static final String CROP = SEGMENTATION_MODEL + ".crop";

  private final SpecReader reader;
  private final Origins origins;
  private final Diagnostics diagnostics;
  private final Findings findings;

  private SpecStage(SpecReader reader, Diagnostics diagnostics) {
    this.reader = reader;
    this.origins = reader.origins();
    this.diagnostics = diagnostics;
    this.findings = new Findings(origins, diagnostics);
  }

  /**
   * The spec on a type that has {@code @SegmentationModel}, of its own or inherited; empty after an
   * error. Annotations that Java does not accept are left to the Java compiler, whose messages they
   * get.
   */
  public static Optional<PhasedSpec> read(
      Elements elements, TypeElement spec, Diagnostics diagnostics) {
    SpecReader reader = new SpecReader(elements, spec);
    return reader.isReadable() ? new SpecStage(reader, diagnostics).check(spec) : Optional.empty();
  }

  /** Whether Java accepts the annotations of a type and of what it extends, and knows all of it. */
  public static boolean isReadable(Elements elements, TypeElement type) {
    return new SpecReader(elements, type).isReadable();
  }

  /** Whether a type has an annotation of ours, not an inherited one. */
  public static boolean isAnnotated(TypeElement type) {
    return !Written.on(type).isEmpty();
  }

  /** Whether a type is a model, by an annotation of its own or by one that it inherits. */
  public static boolean isModel(TypeElement type) {
    return model(type).isPresent();
  }

  /** The nearest type with {@code @SegmentationModel}: a type itself, or one that it extends. */
  private static Optional<TypeElement> model(TypeElement type) {
    return Lineage.of(type).stream()
        .filter(one -> Written.on(one).containsKey(SEGMENTATION_MODEL))
        .findFirst();
  }

  /** Whether all that has no default is written, so that a model can be generated. */
  public static boolean isComplete(Elements elements, TypeElement type) {
    SpecReader reader = new SpecReader(elements, type);
    return reader.isWritten(BackboneReader.NETWORK) && reader.isWritten(ClassesReader.CLASSES);
  }

  /** How many types a type inherits from. */
  public static int ancestors(TypeElement type) {
    return Lineage.of(type).size() - 1;
  }

  /** Reports the annotations on a type that is no model and that nothing extends. */
  public static void checkPart(Elements elements, TypeElement type, Diagnostics diagnostics) {
    SpecReader reader = new SpecReader(elements, type);
    if (reader.isReadable()) {
      Origins origins = reader.origins();
      for (String annotation : reader.ownAnnotations()) {
        diagnostics.report(
            DiagnosticId.SEGMENTATION_MODEL_MISSING,
            origins.of(annotation),
            annotation,
            type.getSimpleName(),
            reader.whereLooked());
      }
    }
  }

  /** Reports a type that extends a model, has no annotation of its own, and nothing extends. */
  public static void checkBare(TypeElement type, Diagnostics diagnostics) {
    diagnostics.report(
        DiagnosticId.NOTHING_OF_ITS_OWN,
        Origin.of(type),
        type.getSimpleName(),
        model(type).orElseThrow().getSimpleName());
  }

  private Optional<PhasedSpec> check(TypeElement spec) {
    checkKind(spec);
    checkParents(spec);
    Suppressions.check(spec, diagnostics);
    PhasesReader phases = new PhasesReader(reader, findings, diagnostics);
    ModelSpec.Training training = training(phases.hasPhases());
    Optional<ModelSpec.Pyramid> pyramid = new PyramidReader(reader, findings).read();
    ClassesReader labels = new ClassesReader(reader, findings);
    OptionalInt classes = labels.count();
    List<String> classNames = classes.isPresent() ? labels.names(classes.getAsInt()) : List.of();
    int crop = reader.integer(CROP);
    BandsReader bands = new BandsReader(reader, findings);
    int channels = bands.count();
    int bits = bands.bits();
    if (!phases.hasPhases()) {
      checkBatch(training.batchSize(), crop, channels * bits / Byte.SIZE, findings);
    }
    BackboneReader blocks = new BackboneReader(reader, findings);
    int lastBlock = blocks.lastBlock();
    Optional<ModelSpec.Backbone> backbone = blocks.backbone(lastBlock);
    if (backbone.isEmpty() || classes.isEmpty()) {
      return Optional.empty();
    }
    Architecture architecture = backbone.get().architecture();
    Conventions conventions = new ConventionsReader(reader, findings).read(architecture, pyramid);
    ModelSpec.Bands scale = bands.read(channels, bits, conventions.preprocessing());
    Optional<ModelSpec.Auxiliary> auxiliary = auxiliary();
    ModelSpec.Loss loss = new LossReader(reader, findings).read(classes.getAsInt());
    ModelSpec.Cascade cascade = new ModelSpec.Cascade(lastBlock, blocks.multiGrid(architecture));
    ModelSpec read =
        new ModelSpec(
            reader.name(),
            classes.getAsInt(),
            classNames,
            scale,
            crop,
            backbone.get(),
            cascade,
            pyramid,
            auxiliary,
            conventions,
            loss,
            training,
            origins);
    new PartsReader(reader, findings).check(read);
    PhasedSpec phased = phases.read(read);
    phased.phases().forEach(phase -> checkSizes(phase.spec()));
    return diagnostics.hasErrors() ? Optional.empty() : Optional.of(phased);
  }

  /** The recipe; that of each phase is checked with its own values. */
  private ModelSpec.Training training(boolean hasPhases) {
    TrainingReader trainings = new TrainingReader(reader, findings);
    ModelSpec.Training training = trainings.read();
    if (!hasPhases) {
      trainings.check(training, true);
      trainings.checkDecay(training);
    }
    return training;
  }

  private void checkSizes(ModelSpec spec) {
    Findings ofPhase = new Findings(spec.origins(), diagnostics);
    checkBatch(spec.training().batchSize(), spec.crop(), spec.bands().bytes(), ofPhase);
    checkCrop(spec, ofPhase);
  }

  private void checkKind(TypeElement spec) {
    String what =
        switch (spec.getKind()) {
          case CLASS, INTERFACE -> "";
          case ENUM -> "an enum";
          case RECORD -> "a record";
          case ANNOTATION_TYPE -> "an annotation";
          default -> "a " + spec.getKind();
        };
    Optional<TypeElement> hidden = privateType(spec);
    if (!what.isEmpty()) {
      reportKind(
          what,
          "a class or an interface",
          "Move the annotations to one, for example 'interface " + spec.getSimpleName() + " {}'");
    } else if (hidden.isPresent()) {
      Name name = hidden.get().getSimpleName();
      reportKind(
          spec.equals(hidden.get()) ? "a private type" : "a type in " + name + ", which is private",
          "seen by its package, as the classes are that are generated for it",
          "Remove 'private' before " + name);
    }
  }

  private void reportKind(String what, String wanted, String fix) {
    String annotation =
        reader.ownAnnotations().contains(SEGMENTATION_MODEL)
            ? SEGMENTATION_MODEL
            : reader.ownAnnotations().get(0);
    findings.report(DiagnosticId.SPEC_KIND, annotation, annotation, what, wanted, fix);
  }

  /** A spec or a type around it that its package does not see. */
  private static Optional<TypeElement> privateType(TypeElement spec) {
    for (Element around = spec;
        around instanceof TypeElement type;
        around = around.getEnclosingElement()) {
      if (type.getModifiers().contains(Modifier.PRIVATE)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Whether all that the spec inherits, and does not write itself, is the same everywhere. */
  private void checkParents(TypeElement spec) {
    reader
        .disagreements()
        .forEach(
            (path, values) -> {
              String annotation = path.substring(0, path.indexOf('.'));
              String name = path.substring(path.indexOf('.') + 1);
              diagnostics.report(
                  DiagnosticId.PARENTS_DISAGREE,
                  origins.isOnSpec(annotation) ? origins.of(annotation) : Origin.of(spec),
                  spec.getSimpleName(),
                  annotation,
                  name,
                  reader.inWords(values),
                  annotation,
                  name,
                  Written.text(Objects.requireNonNull(values.get(0).value())));
            });
  }

  /** Whether the crop suits the output stride, if that is one of the network's. */
  private static void checkCrop(ModelSpec spec, Findings found) {
    int crop = spec.crop();
    int outputStride = spec.backbone().outputStride();
    boolean alignCorners =
        spec.conventions().interpolation() == Conventions.Interpolation.ALIGN_CORNERS;
    if (!OutputStrides.legal(spec.cascade().lastBlock()).contains(outputStride)) {
      return;
    }
    if (crop <= outputStride) {
      found.report(DiagnosticId.CROP_TOO_SMALL, CROP, crop, outputStride, outputStride + 1);
    } else if (alignCorners && crop % outputStride != 1) {
      int below = (crop - 1) / outputStride * outputStride + 1;
      long above = (long) below + outputStride;
      found.report(DiagnosticId.CROP_NOT_ALIGNED, CROP, crop, outputStride, below + " or " + above);
    }
  }

  /** Whether a batch of images is a Java array; the value that is unusual is to blame. */
  private void checkBatch(int batchSize, int crop, int pixelBytes, Findings found) {
    if (batchSize < 1 || crop < 1 || pixelBytes < 1) {
      return;
    }
    long largest = Integer.MAX_VALUE / pixelBytes / batchSize;
    if ((long) crop * crop > largest) {
      boolean unusualBatch = batchSize > (Integer) reader.byDefault(TRAINING + ".batchSize");
      String path = unusualBatch ? TRAINING + ".batchSize" : CROP;
      found.report(DiagnosticId.BATCH_TOO_LARGE, path, batchSize, crop, crop);
    }
  }

  private Optional<ModelSpec.Auxiliary> auxiliary() {
    if (!reader.has(AUXILIARY_HEAD)) {
      return Optional.empty();
    }
    double lossWeight = reader.real(AUXILIARY_HEAD + ".lossWeight");
    if (!(lossWeight > 0 && lossWeight <= 1e3)) {
      findings.report(DiagnosticId.LOSS_WEIGHT_RANGE, AUXILIARY_HEAD + ".lossWeight", lossWeight);
    }
    double dropout = reader.real(AUXILIARY_HEAD + ".dropout");
    findings.checkDropout(AUXILIARY_HEAD + ".dropout", dropout);
    return Optional.of(new ModelSpec.Auxiliary(lossWeight, dropout));
  }
}
