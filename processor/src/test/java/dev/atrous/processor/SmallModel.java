package dev.atrous.processor;

import dev.atrous.processor.spec.Architecture;
import dev.atrous.processor.spec.Conventions;
import dev.atrous.processor.spec.ModelSpec;
import dev.atrous.processor.spec.Origins;
import dev.atrous.processor.spec.SpecName;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Specs without source. {@link #SPEC} has a map of 5 x 5 pixels, so that some taps are dead: those
 * of block4's second unit (rate 8) and of the pyramid's second branch (rate 6).
 */
public final class SmallModel {
  /** Bytes from -1 to 1. */
  public static final ModelSpec.Bands PAPERS_BANDS =
      new ModelSpec.Bands(
          3, Byte.SIZE, Collections.nCopies(3, 127.5), Collections.nCopies(3, 127.5));

  /** The random changes of images in the paper. */
  public static final ModelSpec.Training.Augmentation PAPERS_CHANGES =
      new ModelSpec.Training.Augmentation(0.5, 2, false, 0, 0, 0, 0, 0);

  /** {@link #SPEC} as its author writes it. */
  public static final String SOURCE =
      """
      @SuppressWarnings("ATR023")
      @SegmentationModel(classes = 3, crop = 33)
      @Backbone(value = ResNet.RESNET_18, outputStride = 8, width = 0.125)
      @AtrousCascade(multiGrid = {1, 2})
      @ASPP(rates = {2, 6}, filters = 8)
      @Training(batchSize = 2, steps = 1000, batchNormDecay = 0.99)
      public interface Small {}
      """;

  /** The model of the golden files. */
  public static final ModelSpec SPEC =
      new ModelSpec(
          new SpecName("example", "Small", true),
          3,
          List.of(),
          PAPERS_BANDS,
          33,
          new ModelSpec.Backbone(Architecture.RESNET_18, 8, 0.125),
          new ModelSpec.Cascade(4, List.of(1, 2)),
          Optional.of(
              new ModelSpec.Pyramid(ModelSpec.Pyramid.Form.DEEPLAB_V3, List.of(2, 6), true, 8, 0)),
          Optional.empty(),
          Conventions.PAPER,
          ModelSpec.Loss.CROSS_ENTROPY,
          new ModelSpec.Training(
              2,
              1000,
              0.007,
              0.9,
              0.9,
              1e-4,
              0.99,
              PAPERS_CHANGES,
              ModelSpec.Training.BatchNorm.TRAINED,
              0,
              ModelSpec.Optimization.PAPER),
          Origins.NONE);

  private SmallModel() {}

  /** A model at the paper's crop of 513, 21 classes, with the paper's recipe. */
  public static ModelSpec paper(
      Architecture architecture,
      int outputStride,
      int lastBlock,
      List<Integer> multiGrid,
      Optional<ModelSpec.Pyramid> pyramid) {
    return new ModelSpec(
        new SpecName("example", "Paper", true),
        21,
        List.of(),
        PAPERS_BANDS,
        513,
        new ModelSpec.Backbone(architecture, outputStride, 1),
        new ModelSpec.Cascade(lastBlock, multiGrid),
        pyramid,
        Optional.empty(),
        Conventions.PAPER,
        ModelSpec.Loss.CROSS_ENTROPY,
        new ModelSpec.Training(
            16,
            30_000,
            0.007,
            0.9,
            0.9,
            1e-4,
            0.9997,
            PAPERS_CHANGES,
            ModelSpec.Training.BatchNorm.TRAINED,
            0,
            ModelSpec.Optimization.PAPER),
        Origins.NONE);
  }

  /** The pyramid of the paper's best model. */
  public static ModelSpec.Pyramid pyramid(Integer... rates) {
    return new ModelSpec.Pyramid(ModelSpec.Pyramid.Form.DEEPLAB_V3, List.of(rates), true, 256, 0);
  }
}
