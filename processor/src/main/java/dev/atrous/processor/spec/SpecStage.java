package dev.atrous.processor.spec;

import static dev.atrous.processor.spec.Annotations.ATROUS_CASCADE;
import static dev.atrous.processor.spec.Annotations.BACKBONE;
import static dev.atrous.processor.spec.Annotations.CONVENTIONS;
import static dev.atrous.processor.spec.Annotations.SEGMENTATION_MODEL;
import static dev.atrous.processor.spec.Annotations.TRAINING;

import dev.atrous.processor.diag.DiagnosticId;
import dev.atrous.processor.diag.Diagnostics;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;

/**
 * The first stage: reads a spec, checks each value and how they fit together, and reports all that
 * is wrong.
 */
public final class SpecStage {
  private static final ModelSpec.Training PAPER =
      new ModelSpec.Training(
          16, 30_000, 0.007, 0.9, 0.9, 1e-4, 0.9997, 0.5, 2, ModelSpec.Training.BatchNorm.TRAINED);

  /** Of a branch or a unit. More than any map is wide, and far from the limits of arithmetic. */
  private static final int LARGEST_RATE = 1024;

  /** Of training images. 256 times the pixels is more than any recipe has use for. */
  private static final double LARGEST_SCALE = 16;

  private static final int IMAGE_CHANNELS = 3;

  private final SpecReader reader;
  private final Origins origins;
  private final Diagnostics diagnostics;

  private SpecStage(SpecReader reader, Diagnostics diagnostics) {
    this.reader = reader;
    this.origins = reader.origins();
    this.diagnostics = diagnostics;
  }

  /** How the classes generated for a type would be called, whether or not it is a good spec. */
  public static SpecName name(Elements elements, TypeElement spec) {
    return new SpecReader(elements, spec).name();
  }

  /**
   * The spec on a type that carries {@code @SegmentationModel}; empty after an error. Annotations
   * that Java does not accept are left to javac, whose messages they get.
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
    ModelSpec.Training training = training();
    HeadsReader heads = new HeadsReader(reader, diagnostics);
    Optional<ModelSpec.Pyramid> pyramid = heads.pyramid();
    checkStatistics(training, pyramid);
    int classes = reader.integer(SEGMENTATION_MODEL + ".classes");
    if (classes < 2 || classes > 254) {
      report(DiagnosticId.CLASSES_RANGE, SEGMENTATION_MODEL + ".classes", classes);
    }
    int crop = reader.integer(SEGMENTATION_MODEL + ".crop");
    checkBatch(training.batchSize(), crop);
    int lastBlock = lastBlock();
    Optional<ModelSpec.Backbone> backbone = backbone(lastBlock);
    if (backbone.isEmpty()) {
      return Optional.empty();
    }
    Conventions conventions = conventions(backbone.get().architecture(), pyramid);
    boolean alignCorners = conventions.interpolation() == Conventions.Interpolation.ALIGN_CORNERS;
    checkCrop(crop, backbone.get().outputStride(), lastBlock, alignCorners);
    Optional<ModelSpec.Auxiliary> auxiliary = heads.auxiliary();
    ModelSpec.Cascade cascade =
        new ModelSpec.Cascade(lastBlock, multiGrid(backbone.get().architecture()));
    return diagnostics.hasErrors()
        ? Optional.empty()
        : Optional.of(
            new ModelSpec(
                reader.name(),
                classes,
                crop,
                backbone.get(),
                cascade,
                pyramid,
                auxiliary,
                conventions,
                training,
                origins));
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
      report(
          DiagnosticId.SPEC_KIND,
          SEGMENTATION_MODEL,
          SEGMENTATION_MODEL,
          what,
          spec.getSimpleName());
    }
  }

  private Optional<ModelSpec.Backbone> backbone(int lastBlock) {
    if (!reader.has(BACKBONE)) {
      report(DiagnosticId.BACKBONE_MISSING, SEGMENTATION_MODEL);
      return Optional.empty();
    }
    double width = reader.real(BACKBONE + ".width");
    if (!(width > 0 && width <= 2)) {
      report(DiagnosticId.WIDTH_RANGE, BACKBONE + ".width", width);
    }
    int outputStride = reader.integer(BACKBONE + ".outputStride");
    List<Integer> legal = OutputStrides.legal(lastBlock);
    if (!legal.contains(outputStride)) {
      report(
          DiagnosticId.OUTPUT_STRIDE_ILLEGAL,
          BACKBONE + ".outputStride",
          outputStride,
          lastBlock,
          OutputStrides.inWords(legal),
          OutputStrides.legal(7).contains(outputStride)
              ? " A longer cascade reaches it: '@AtrousCascade(lastBlock = "
                  + (Integer.numberOfTrailingZeros(outputStride) - 1)
                  + ")'."
              : "");
    }
    Architecture architecture = reader.constant(BACKBONE + ".value", Architecture.class);
    return Optional.of(new ModelSpec.Backbone(architecture, outputStride, width));
  }

  /** Whether the crop suits the output stride, if that is one of the network's. */
  private void checkCrop(int crop, int outputStride, int lastBlock, boolean alignCorners) {
    if (!OutputStrides.legal(lastBlock).contains(outputStride)) {
      return;
    }
    String path = SEGMENTATION_MODEL + ".crop";
    if (crop <= outputStride) {
      report(DiagnosticId.CROP_TOO_SMALL, path, crop, outputStride, outputStride + 1);
    } else if (alignCorners && crop % outputStride != 1) {
      int below = (crop - 1) / outputStride * outputStride + 1;
      long above = (long) below + outputStride;
      report(DiagnosticId.CROP_NOT_ALIGNED, path, crop, outputStride, below + " or " + above);
    }
  }

  /** Whether a batch of images is a Java array; the value that is unusual is to blame. */
  private void checkBatch(int batchSize, int crop) {
    if (batchSize < 1 || crop < 1) {
      return;
    }
    long largest = Integer.MAX_VALUE / IMAGE_CHANNELS / batchSize;
    if ((long) crop * crop > largest) {
      boolean unusualBatch = batchSize > PAPER.batchSize();
      String path = unusualBatch ? TRAINING + ".batchSize" : SEGMENTATION_MODEL + ".crop";
      report(DiagnosticId.BATCH_TOO_LARGE, path, batchSize, crop, crop);
    }
  }

  private int lastBlock() {
    if (!reader.has(ATROUS_CASCADE)) {
      return 4;
    }
    int lastBlock = reader.integer(ATROUS_CASCADE + ".lastBlock");
    int nearest = Math.min(Math.max(lastBlock, 4), 7);
    if (lastBlock != nearest) {
      report(DiagnosticId.LAST_BLOCK_RANGE, ATROUS_CASCADE + ".lastBlock", lastBlock, nearest);
    }
    return nearest;
  }

  private List<Integer> multiGrid(Architecture architecture) {
    int units = architecture.units(4);
    String path = ATROUS_CASCADE + ".multiGrid";
    List<Integer> multiGrid = reader.has(ATROUS_CASCADE) ? reader.integers(path) : List.of();
    if (multiGrid.isEmpty()) {
      return Collections.nCopies(units, 1);
    }
    if (multiGrid.size() != units) {
      report(
          DiagnosticId.MULTI_GRID_LENGTH,
          path,
          multiGrid.size(),
          architecture.title(),
          units,
          units == 2 ? "{1, 2}" : "{1, 2, 4}");
    }
    for (int i = 0; i < multiGrid.size(); i++) {
      if (!isRate(multiGrid.get(i))) {
        report(DiagnosticId.MULTI_GRID_RANGE, path + "[" + i + "]", multiGrid.get(i));
      }
    }
    return multiGrid;
  }

  private Conventions conventions(Architecture architecture, Optional<ModelSpec.Pyramid> pyramid) {
    Conventions conventions = new ConventionsReader(reader).read();
    if (conventions.stride() == Conventions.Stride.FIRST_1X1 && !architecture.bottleneck()) {
      report(DiagnosticId.STRIDE_NEEDS_BOTTLENECK, conventionPath("stride"), architecture.title());
    }
    boolean scoresInPyramid = pyramid.isPresent() && pyramid.get().endsWithScores();
    if (scoresInPyramid && conventions.head() != Conventions.Head.SCORES) {
      report(DiagnosticId.HEAD_AFTER_SCORES, conventionPath("head"));
    }
    return conventions;
  }

  /** Where a convention stands: by itself, or in the preset. */
  private String conventionPath(String member) {
    String path = CONVENTIONS + "." + member;
    return origins.has(path) ? path : CONVENTIONS + ".value";
  }

  /** Whether there are enough values for the statistics of the image-level features. */
  private void checkStatistics(ModelSpec.Training training, Optional<ModelSpec.Pyramid> pyramid) {
    boolean pools = pyramid.isPresent() && pyramid.get().imagePooling();
    if (training.batchSize() == 1 && pools && !training.freezesBatchNorm()) {
      report(DiagnosticId.SINGLE_SAMPLE_STATISTICS, TRAINING + ".batchSize");
    }
  }

  /** Whether a branch or a unit can have it. */
  static boolean isRate(int rate) {
    return rate >= 1 && rate <= LARGEST_RATE;
  }

  private ModelSpec.Training training() {
    if (!reader.has(TRAINING)) {
      return PAPER;
    }
    ModelSpec.Training training =
        new ModelSpec.Training(
            reader.integer(TRAINING + ".batchSize"),
            reader.integer(TRAINING + ".steps"),
            reader.real(TRAINING + ".learningRate"),
            reader.real(TRAINING + ".power"),
            reader.real(TRAINING + ".momentum"),
            reader.real(TRAINING + ".weightDecay"),
            reader.real(TRAINING + ".batchNormDecay"),
            reader.real(TRAINING + ".minScale"),
            reader.real(TRAINING + ".maxScale"),
            reader.constant(TRAINING + ".batchNorm", ModelSpec.Training.BatchNorm.class));
    String natural = "at least 1";
    String positive = "greater than 0 and less than 1000";
    String fraction = "at least 0 and less than 1";
    check("batchSize", training.batchSize(), training.batchSize() >= 1, natural, PAPER.batchSize());
    check("steps", training.steps(), training.steps() >= 1, natural, PAPER.steps());
    checkReal(
        "learningRate", training.learningRate(), 0, 1e3, false, positive, PAPER.learningRate());
    checkReal("power", training.power(), 0, 1e3, false, positive, PAPER.power());
    checkReal("momentum", training.momentum(), 0, 1, true, fraction, PAPER.momentum());
    checkReal("weightDecay", training.weightDecay(), 0, 1, true, fraction, PAPER.weightDecay());
    checkReal(
        "batchNormDecay", training.batchNormDecay(), 0, 1, true, fraction, PAPER.batchNormDecay());
    checkScales(training.minScale(), training.maxScale());
    if (training.freezesBatchNorm() && origins.has(TRAINING + ".batchNormDecay")) {
      report(
          DiagnosticId.DECAY_OF_FROZEN_AVERAGES,
          TRAINING + ".batchNormDecay",
          training.batchNormDecay());
    }
    return training;
  }

  /** The larger factor is compared with the smaller one only if that is good. */
  private void checkScales(double smallest, double largest) {
    boolean good = smallest > 0 && smallest <= LARGEST_SCALE;
    check("minScale", smallest, good, "greater than 0 and at most 16", PAPER.minScale());
    double floor = good ? smallest : 0;
    boolean inOrder = largest >= floor && largest <= LARGEST_SCALE;
    check("maxScale", largest, inOrder, "at least minScale and at most 16", PAPER.maxScale());
  }

  private void checkReal(
      String member,
      double value,
      double low,
      double high,
      boolean lowIncluded,
      String range,
      Object paper) {
    check(member, value, (lowIncluded ? value >= low : value > low) && value < high, range, paper);
  }

  private void check(String member, Object value, boolean good, String range, Object paper) {
    if (!good) {
      report(DiagnosticId.TRAINING_RANGE, TRAINING + "." + member, member, value, range, paper);
    }
  }

  private void report(DiagnosticId id, String path, Object... arguments) {
    diagnostics.report(id, origins.of(path), arguments);
  }
}
