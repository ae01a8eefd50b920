package dev.atrous.processor.network;

import dev.atrous.processor.SmallModel;
import dev.atrous.processor.spec.Architecture;
import dev.atrous.processor.spec.Conventions;
import dev.atrous.processor.spec.ModelSpec;
import dev.atrous.processor.spec.Origins;
import dev.atrous.processor.spec.SpecName;
import java.util.List;
import java.util.Optional;

/** Specs of networks that are small enough to compute with in tests. */
public final class Specs {
  /** Classes of all of them. */
  public static final int CLASSES = 4;

  private static final int BATCH = 3;
  private static final int CROP = 33;
  private static final double WIDTH = 0.125;

  private Specs() {}

  /**
   * A cascade of two copies of block4 with multi-grid, and a pyramid with image-level features. At
   * output stride 8 block4 sees maps of 5 pixels with rates up to 8, so some of its taps never meet
   * the map, and some of the pyramid's do not either.
   */
  public static ModelSpec cascadeAndPyramid(int outputStride) {
    return spec(
        Architecture.RESNET_18,
        outputStride,
        new ModelSpec.Cascade(5, List.of(1, 2)),
        Optional.of(
            new ModelSpec.Pyramid(
                ModelSpec.Pyramid.Form.DEEPLAB_V3, List.of(2, 4, 6), true, 8, 0)));
  }

  /** A pyramid without image-level features on bottleneck units. */
  public static ModelSpec bottlenecks(int outputStride) {
    return spec(
        Architecture.RESNET_50,
        outputStride,
        new ModelSpec.Cascade(4, List.of(1, 2, 4)),
        Optional.of(
            new ModelSpec.Pyramid(ModelSpec.Pyramid.Form.DEEPLAB_V3, List.of(2), false, 8, 0)));
  }

  /** A cascade, DeepLabv2's pyramid with dropout, and frozen batch normalisation. */
  public static ModelSpec frozenScores(int outputStride) {
    return spec(
        Architecture.RESNET_18,
        outputStride,
        new ModelSpec.Cascade(5, List.of(1, 2)),
        Optional.of(
            new ModelSpec.Pyramid(
                ModelSpec.Pyramid.Form.DEEPLAB_V2, List.of(1, 2, 4), false, 8, 0.25)),
        ModelSpec.Training.BatchNorm.FROZEN);
  }

  /** The same, with another use of the derivatives. */
  public static ModelSpec with(ModelSpec spec, ModelSpec.Optimization optimization) {
    ModelSpec.Training training = spec.training();
    return new ModelSpec(
        spec.name(),
        spec.classes(),
        spec.classNames(),
        spec.bands(),
        spec.crop(),
        spec.backbone(),
        spec.cascade(),
        spec.aspp(),
        spec.auxiliary(),
        spec.conventions(),
        spec.loss(),
        new ModelSpec.Training(
            training.batchSize(),
            training.steps(),
            training.learningRate(),
            training.power(),
            training.momentum(),
            training.weightDecay(),
            training.batchNormDecay(),
            training.augmentation(),
            training.batchNorm(),
            training.memoryBudget(),
            optimization),
        spec.origins());
  }

  private static ModelSpec spec(
      Architecture architecture,
      int outputStride,
      ModelSpec.Cascade cascade,
      Optional<ModelSpec.Pyramid> pyramid) {
    return spec(architecture, outputStride, cascade, pyramid, ModelSpec.Training.BatchNorm.TRAINED);
  }

  private static ModelSpec spec(
      Architecture architecture,
      int outputStride,
      ModelSpec.Cascade cascade,
      Optional<ModelSpec.Pyramid> pyramid,
      ModelSpec.Training.BatchNorm batchNorm) {
    return new ModelSpec(
        new SpecName("test", "Small", true),
        CLASSES,
        List.of(),
        SmallModel.PAPERS_BANDS,
        CROP,
        new ModelSpec.Backbone(architecture, outputStride, WIDTH),
        cascade,
        pyramid,
        Optional.empty(),
        Conventions.PAPER,
        ModelSpec.Loss.CROSS_ENTROPY,
        new ModelSpec.Training(
            BATCH,
            10,
            0.007,
            0.9,
            0.9,
            1e-4,
            0.9997,
            SmallModel.PAPERS_CHANGES,
            batchNorm,
            0,
            ModelSpec.Optimization.PAPER),
        Origins.NONE);
  }
}
