package dev.atrous.processor.spec;

/**
 * What implementations do differently, decided. Constants match those of {@code
 * dev.atrous.annotation.Conventions}.
 *
 * @param stride where a block's stride stands
 * @param stem how the image enters the network
 * @param padding what is added around maps that a stride meets
 * @param firstUnitRate the rate of a block's first unit, behind a stride that became a rate
 * @param imageFeatures where they stand in the concatenation of the pyramid
 * @param head what follows the pyramid
 * @param interpolation of scores to the size of the image
 * @param weightDecay which parameters it shrinks
 * @param preprocessing how bytes become the input
 * @param initialValues what a new model's parameters are drawn from
 */
public record Conventions(
    Stride stride,
    Stem stem,
    Padding padding,
    FirstUnitRate firstUnitRate,
    ImageFeatures imageFeatures,
    Head head,
    Interpolation interpolation,
    WeightDecay weightDecay,
    Preprocessing preprocessing,
    InitialValues initialValues) {

  /** Of the paper and its authors' code. */
  public static final Conventions PAPER =
      new Conventions(
          Stride.LAST_3X3,
          Stem.ONE_7X7,
          Padding.SYMMETRIC,
          FirstUnitRate.OF_BLOCK,
          ImageFeatures.FIRST,
          Head.SCORES,
          Interpolation.ALIGN_CORNERS,
          WeightDecay.CONVOLUTIONS,
          Preprocessing.MINUS_ONE_TO_ONE,
          InitialValues.HE_FAN_IN);

  /** Of torchvision's {@code deeplabv3_resnet50} and {@code deeplabv3_resnet101}. */
  public static final Conventions TORCHVISION =
      new Conventions(
          Stride.FIRST_3X3,
          Stem.ONE_7X7,
          Padding.SYMMETRIC,
          FirstUnitRate.OF_PREVIOUS_BLOCK,
          ImageFeatures.LAST,
          Head.CONV_3X3_AND_SCORES,
          Interpolation.HALF_PIXEL,
          WeightDecay.EVERYTHING,
          Preprocessing.MEAN_AND_DEVIATION,
          InitialValues.TORCHVISION);

  /** Of ports that start from the ResNets of He et al. */
  public static final Conventions MSRA =
      new Conventions(
          Stride.FIRST_1X1,
          Stem.ONE_7X7,
          Padding.SYMMETRIC,
          FirstUnitRate.OF_BLOCK,
          ImageFeatures.FIRST,
          Head.SCORES,
          Interpolation.ALIGN_CORNERS,
          WeightDecay.CONVOLUTIONS,
          Preprocessing.MEAN,
          InitialValues.HE_FAN_IN);

  /** The families of implementations. */
  public enum Preset {
    PAPER,
    TORCHVISION,
    MSRA;

    /** Their conventions. */
    public Conventions conventions() {
      return switch (this) {
        case PAPER -> Conventions.PAPER;
        case TORCHVISION -> Conventions.TORCHVISION;
        case MSRA -> Conventions.MSRA;
      };
    }
  }

  /** Where a block's stride stands. */
  public enum Stride {
    FIRST_1X1,
    FIRST_3X3,
    LAST_3X3;

    /** Whether it is in the first unit; otherwise it is in the last. */
    public boolean inFirstUnit() {
      return this != LAST_3X3;
    }
  }

  /** How the image enters the network. */
  public enum Stem {
    ONE_7X7,
    THREE_3X3
  }

  /** What is added around maps that a stride meets. */
  public enum Padding {
    SYMMETRIC,
    SAME
  }

  /** The rate of a block's first unit. */
  public enum FirstUnitRate {
    OF_BLOCK,
    OF_PREVIOUS_BLOCK
  }

  /** Where the image-level features stand in the concatenation. */
  public enum ImageFeatures {
    FIRST,
    LAST
  }

  /** What follows the pyramid. */
  public enum Head {
    SCORES,
    CONV_3X3_AND_SCORES
  }

  /** How scores are interpolated. */
  public enum Interpolation {
    ALIGN_CORNERS,
    HALF_PIXEL
  }

  /** Which parameters L2 regularisation shrinks. */
  public enum WeightDecay {
    CONVOLUTIONS,
    EVERYTHING
  }

  /** How bytes become the input. */
  public enum Preprocessing {
    MINUS_ONE_TO_ONE,
    MEAN,
    MEAN_AND_DEVIATION
  }

  /** What a new model's parameters are drawn from. */
  public enum InitialValues {
    HE_FAN_IN,
    HE_FAN_OUT,
    TORCHVISION
  }
}
