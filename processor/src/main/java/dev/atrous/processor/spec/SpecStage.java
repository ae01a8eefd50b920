package dev.atrous.processor.spec;

import static dev.atrous.processor.spec.Annotations.AUXILIARY_HEAD;
import static dev.atrous.processor.spec.Annotations.SEGMENTATION_MODEL;
import static dev.atrous.processor.spec.Annotations.TRAINING;

import dev.atrous.processor.diag.DiagnosticId;
import dev.atrous.processor.diag.Diagnostics;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;

/**
 * The first stage: reads a spec, checks each value and how they fit together, and reports all that
 * is wrong. A reader per annotation checks what concerns it alone; this class does the rest.
 */
public final class SpecStage {
  private static final String CROP = SEGMENTATION_MODEL + ".crop";
  private static final int IMAGE_CHANNELS = 3;

  private final SpecReader reader;
  private final Diagnostics diagnostics;
  private final Findings findings;

  private SpecStage(SpecReader reader, Diagnostics diagnostics) {
    this.reader = reader;
    this.diagnostics = diagnostics;
    this.findings = new Findings(reader.origins(), diagnostics);
  }

  /** How the classes generated for a type would be called, whether or not it is a good spec. */
  public static SpecName name(Elements elements, TypeElement spec) {
    return new SpecReader(elements, spec).name();
  }

  /**
   * The spec on a type that carries {@code @SegmentationModel}; empty after an error. Annotations
   * that Java does not accept are left to the Java compiler, whose messages they get.
   */
  public static Optional<ModelSpec> read(
      Elements elements, TypeElement spec, Diagnostics diagnostics) {
    SpecReader reader = new SpecReader(elements, spec);
    return reader.isReadable() ? new SpecStage(reader, diagnostics).check(spec) : Optional.empty();
  }

  /** Reports the annotations on a type that mean nothing without {@code @SegmentationModel}. */
  public static void checkCompanion(
      Elements elements, TypeElement type, String companion, Diagnostics diagnostics) {
    SpecReader reader = new SpecReader(elements, type);
    if (reader.isReadable()) {
      diagnostics.report(
          DiagnosticId.SEGMENTATION_MODEL_MISSING,
          reader.origins().of(companion),
          companion,
          type.getSimpleName());
    }
  }

  private Optional<ModelSpec> check(TypeElement spec) {
    checkKind(spec);
    Suppressions.check(spec, diagnostics);
    ModelSpec.Training training = new TrainingReader(reader, findings).read();
    Optional<ModelSpec.Pyramid> pyramid = new PyramidReader(reader, findings).read();
    ClassesReader labels = new ClassesReader(reader, findings);
    int classes = labels.count();
    List<String> classNames = labels.names(classes);
    int crop = reader.integer(CROP);
    checkBatch(training.batchSize(), crop);
    BackboneReader blocks = new BackboneReader(reader, findings);
    int lastBlock = blocks.lastBlock();
    Optional<ModelSpec.Backbone> backbone = blocks.backbone(lastBlock);
    if (backbone.isEmpty()) {
      return Optional.empty();
    }
    Architecture architecture = backbone.get().architecture();
    Conventions conventions = new ConventionsReader(reader, findings).read(architecture, pyramid);
    boolean alignCorners = conventions.interpolation() == Conventions.Interpolation.ALIGN_CORNERS;
    checkCrop(crop, backbone.get().outputStride(), lastBlock, alignCorners);
    Optional<ModelSpec.Auxiliary> auxiliary = auxiliary();
    ModelSpec.Cascade cascade = new ModelSpec.Cascade(lastBlock, blocks.multiGrid(architecture));
    return diagnostics.hasErrors()
        ? Optional.empty()
        : Optional.of(
            new ModelSpec(
                reader.name(),
                classes,
                classNames,
                crop,
                backbone.get(),
                cascade,
                pyramid,
                auxiliary,
                conventions,
                training,
                reader.origins()));
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
    if (!what.isEmpty()) {
      findings.report(
          DiagnosticId.SPEC_KIND,
          SEGMENTATION_MODEL,
          SEGMENTATION_MODEL,
          what,
          spec.getSimpleName());
    }
  }

  /** Whether the crop suits the output stride, if that is one of the network's. */
  private void checkCrop(int crop, int outputStride, int lastBlock, boolean alignCorners) {
    if (!OutputStrides.legal(lastBlock).contains(outputStride)) {
      return;
    }
    if (crop <= outputStride) {
      findings.report(DiagnosticId.CROP_TOO_SMALL, CROP, crop, outputStride, outputStride + 1);
    } else if (alignCorners && crop % outputStride != 1) {
      int below = (crop - 1) / outputStride * outputStride + 1;
      long above = (long) below + outputStride;
      findings.report(
          DiagnosticId.CROP_NOT_ALIGNED, CROP, crop, outputStride, below + " or " + above);
    }
  }

  /** Whether a batch of images is a Java array; the value that is unusual is to blame. */
  private void checkBatch(int batchSize, int crop) {
    if (batchSize < 1 || crop < 1) {
      return;
    }
    long largest = Integer.MAX_VALUE / IMAGE_CHANNELS / batchSize;
    if ((long) crop * crop > largest) {
      boolean unusualBatch = batchSize > TrainingReader.PAPER.batchSize();
      String path = unusualBatch ? TRAINING + ".batchSize" : CROP;
      findings.report(DiagnosticId.BATCH_TOO_LARGE, path, batchSize, crop, crop);
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
