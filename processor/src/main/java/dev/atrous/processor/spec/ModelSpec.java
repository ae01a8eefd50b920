package dev.atrous.processor.spec;

import java.util.List;
import java.util.Optional;

/**
 * A checked model spec: every value is in its range and they fit together.
 *
 * @param name what the generated classes are called
 * @param classes labels, background included
 * @param classNames one for each class, class 0 first; or none
 * @param bands of images, and their scale
 * @param crop side of the training crop in pixels
 * @param backbone the feature extractor
 * @param cascade what comes after and inside of block4
 * @param aspp the pyramid, if there is one
 * @param auxiliary the second head, if there is one
 * @param conventions what implementations do differently
 * @param loss what training minimises
 * @param training the recipe
 * @param origins where the values stand in the source
 */
public record ModelSpec(
    SpecName name,
    int classes,
    List<String> classNames,
    Bands bands,
    int crop,
    Backbone backbone,
    Cascade cascade,
    Optional<Pyramid> aspp,
    Optional<Auxiliary> auxiliary,
    Conventions conventions,
    Loss loss,
    Training training,
    Origins origins) {
  public ModelSpec {
    classNames = List.copyOf(classNames);
  }

  /**
   * A value enters the network as {@code (value - mean) / deviation}.
   *
   * @param count of them
   * @param bits of a value, 8 or 16
   * @param mean one for each band; none where training measures them
   * @param deviation one for each band; none where training measures them
   */
  public record Bands(int count, int bits, List<Double> mean, List<Double> deviation) {
    public Bands {
      mean = List.copyOf(mean);
      deviation = List.copyOf(deviation);
    }

    /** Whether mean and deviation are those of the images that are trained on. */
    public boolean areMeasured() {
      return mean.isEmpty();
    }

    /** Bytes of a pixel. */
    public int bytes() {
      return count * bits / Byte.SIZE;
    }
  }

  /**
   * @param outputStride as trained
   * @param width multiplier on the channels
   */
  public record Backbone(Architecture architecture, int outputStride, double width) {}

  /**
   * @param lastBlock 4 to 7
   * @param multiGrid a unit rate for each unit of block4 and its copies
   */
  public record Cascade(int lastBlock, List<Integer> multiGrid) {
    public Cascade {
      multiGrid = List.copyOf(multiGrid);
    }
  }

  /**
   * @param form what the branches are made of and how they are joined
   * @param rates at the backbone's output stride, ascending
   * @param imagePooling never with DeepLabv2's form
   * @param filters channels of a branch, before its class scores if it has some
   * @param dropout share of values that training sets to zero: of the projection, or of a branch
   */
  public record Pyramid(
      Form form, List<Integer> rates, boolean imagePooling, int filters, double dropout) {
    public Pyramid {
      rates = List.copyOf(rates);
    }

    /** Constants match those of {@code dev.atrous.annotation.ASPP.Form}. */
    public enum Form {
      DEEPLAB_V3,
      DEEPLAB_V2
    }

    /** Whether it ends with class scores, so that nothing comes between. */
    public boolean endsWithScores() {
      return form == Form.DEEPLAB_V2;
    }
  }

  /**
   * @param lossWeight factor of its loss
   * @param dropout share of values that training sets to zero before its scores
   */
  public record Auxiliary(double lossWeight, double dropout) {}

  /**
   * The values of {@code @Loss}: factors of the losses, at least one of which is not 0, and what
   * belongs to them.
   *
   * @param classWeights one for each class; empty if all are 1
   */
  public record Loss(
      double crossEntropy,
      double focal,
      double dice,
      double focalGamma,
      List<Double> classWeights) {
    /** The paper's. */
    public static final Loss CROSS_ENTROPY = new Loss(1, 0, 0, 2, List.of());

    public Loss {
      classWeights = List.copyOf(classWeights);
    }
  }

  /**
   * The values of {@code @Training}.
   *
   * @param memoryBudget in MiB; 0 for none
   * @param optimization how the step uses the derivatives
   */
  public record Training(
      int batchSize,
      int steps,
      double learningRate,
      double power,
      double momentum,
      double weightDecay,
      double batchNormDecay,
      Augmentation augmentation,
      BatchNorm batchNorm,
      int memoryBudget,
      Optimization optimization) {

    /**
     * The random changes of images. What they mean is said in {@code @Training}; 0 is none.
     *
     * @param rotation in degrees
     */
    public record Augmentation(
        double minScale,
        double maxScale,
        boolean verticalFlip,
        double rotation,
        double brightness,
        double contrast,
        double saturation,
        double hue) {}

    /** Constants match those of {@code dev.atrous.annotation.Training.BatchNorm}. */
    public enum BatchNorm {
      TRAINED,
      SYNCHRONIZED,
      FROZEN
    }

    /** Whether batch normalisation stays as it is. */
    public boolean freezesBatchNorm() {
      return batchNorm == BatchNorm.FROZEN;
    }

    /**
     * Factor of the learning rate of a part of the network; 0 if it is frozen.
     *
     * @param part for example {@code block1}
     */
    public double rate(String part) {
      return named(part)
          .or(() -> Parts.isOfBackbone(part) ? named(Parts.BACKBONE) : Optional.empty())
          .orElse(1.0);
    }

    private Optional<Double> named(String part) {
      return optimization.parts.stream()
          .filter(one -> one.name().equals(part))
          .map(Part::learningRate)
          .findFirst();
    }
  }

  /**
   * What a step does with the derivatives.
   *
   * @param warmupSteps in which the learning rate rises
   * @param accumulate batches in a step
   * @param beta2 of AdamW
   * @param clipNorm largest norm of the gradient; 0 for no limit
   * @param parts what is trained otherwise than the rest
   */
  public record Optimization(
      Schedule schedule,
      int warmupSteps,
      int accumulate,
      Optimizer optimizer,
      double beta2,
      double clipNorm,
      List<Part> parts) {
    /** The paper's. */
    public static final Optimization PAPER =
        new Optimization(Schedule.POLY, 0, 1, Optimizer.SGD, 0.999, 0, List.of());

    public Optimization {
      parts = List.copyOf(parts);
    }

    /** Constants match those of {@code dev.atrous.annotation.Training.Optimizer}. */
    public enum Optimizer {
      SGD,
      ADAMW
    }

    /** Constants match those of {@code dev.atrous.annotation.Training.Schedule}. */
    public enum Schedule {
      POLY,
      COSINE
    }
  }

  /**
   * How a part of the network is trained.
   *
   * @param learningRate factor of the learning rate; 0 for a frozen part
   */
  public record Part(String name, double learningRate) {}

  /** The same, trained in other batches and crops. */
  public ModelSpec withSizes(int otherBatchSize, int otherCrop) {
    Training other =
        new Training(
            otherBatchSize,
            training.steps,
            training.learningRate,
            training.power,
            training.momentum,
            training.weightDecay,
            training.batchNormDecay,
            training.augmentation,
            training.batchNorm,
            training.memoryBudget,
            training.optimization);
    return trained(other, otherCrop, backbone.outputStride, aspp, origins);
  }

  /**
   * The same network, trained otherwise.
   *
   * @param pyramid with its rates at the output stride
   */
  ModelSpec trained(
      Training otherwise,
      int otherCrop,
      int outputStride,
      Optional<Pyramid> pyramid,
      Origins places) {
    return new ModelSpec(
        name,
        classes,
        classNames,
        bands,
        otherCrop,
        new Backbone(backbone.architecture, outputStride, backbone.width),
        cascade,
        pyramid,
        auxiliary,
        conventions,
        loss,
        otherwise,
        places);
  }

  /**
   * The output strides at which the trained weights can run: 8 up to the network's own stride,
   * where the rates of the pyramid stay whole. Ascending; the trained one is among them.
   */
  public List<Integer> outputStrides() {
    return OutputStrides.legal(cascade.lastBlock()).stream()
        .filter(stride -> scaledRates(stride).isPresent())
        .toList();
  }

  /** The rates of the pyramid at another output stride; empty if one would not be whole. */
  public Optional<List<Integer>> scaledRates(int outputStride) {
    List<Integer> declared = aspp.map(Pyramid::rates).orElse(List.of());
    int trained = backbone.outputStride();
    boolean whole = declared.stream().allMatch(rate -> rate * trained % outputStride == 0);
    return whole
        ? Optional.of(declared.stream().map(rate -> rate * trained / outputStride).toList())
        : Optional.empty();
  }
}
