package dev.atrous.annotation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What implementations of DeepLabv3 do differently, where the paper leaves room. A {@link #value
 * preset} sets all of it; each other value replaces one thing of the preset. Weights that were
 * trained elsewhere need the conventions of their home.
 *
 * <pre>{@code @Conventions(Conventions.Preset.TORCHVISION)}</pre>
 *
 * <table>
 * <caption>The presets</caption>
 * <tr><th></th><th>PAPER</th><th>TORCHVISION</th><th>MSRA</th></tr>
 * <tr><td>stride</td><td>LAST_3X3</td><td>FIRST_3X3</td><td>FIRST_1X1</td></tr>
 * <tr><td>stem</td><td>ONE_7X7</td><td>ONE_7X7</td><td>ONE_7X7</td></tr>
 * <tr><td>padding</td><td>SYMMETRIC</td><td>SYMMETRIC</td><td>SYMMETRIC</td></tr>
 * <tr><td>firstUnitRate</td><td>OF_BLOCK</td><td>OF_PREVIOUS_BLOCK</td><td>OF_BLOCK</td></tr>
 * <tr><td>imageFeatures</td><td>FIRST</td><td>LAST</td><td>FIRST</td></tr>
 * <tr><td>head</td><td>SCORES</td><td>CONV_3X3_AND_SCORES</td><td>SCORES</td></tr>
 * <tr><td>interpolation</td><td>ALIGN_CORNERS</td><td>HALF_PIXEL</td><td>ALIGN_CORNERS</td></tr>
 * <tr><td>weightDecay</td><td>CONVOLUTIONS</td><td>EVERYTHING</td><td>CONVOLUTIONS</td></tr>
 * <tr><td>preprocessing</td><td>MINUS_ONE_TO_ONE</td><td>MEAN_AND_DEVIATION</td><td>MEAN</td></tr>
 * <tr><td>initialValues</td><td>HE_FAN_IN</td><td>TORCHVISION</td><td>HE_FAN_IN</td></tr>
 * </table>
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
public @interface Conventions {

  /** The family to follow. */
  Preset value() default Preset.PAPER;

  /** Where a block's stride stands. */
  Stride stride() default Stride.PRESET;

  /** How the image enters the network. */
  Stem stem() default Stem.PRESET;

  /** What is added around maps that a stride meets. */
  Padding padding() default Padding.PRESET;

  /** The rate of a block's first unit, where the block follows a stride that became a rate. */
  FirstUnitRate firstUnitRate() default FirstUnitRate.PRESET;

  /**
   * Where the image-level features stand in the concatenation of the pyramid; it decides the layout
   * of the weights.
   */
  ImageFeatures imageFeatures() default ImageFeatures.PRESET;

  /** What follows the pyramid, or the last block. */
  Head head() default Head.PRESET;

  /** How scores are interpolated to the size of the image. */
  Interpolation interpolation() default Interpolation.PRESET;

  /** Which parameters L2 regularisation shrinks. */
  WeightDecay weightDecay() default WeightDecay.PRESET;

  /** How bytes become the input of the network. */
  Preprocessing preprocessing() default Preprocessing.PRESET;

  /** What a new model's parameters are drawn from. */
  InitialValues initialValues() default InitialValues.PRESET;

  /** The families of implementations. */
  enum Preset {
    /**
     * The paper and its authors' code ({@code research/deeplab} of tensorflow/models, ResNet v1).
     */
    PAPER,
    /** torchvision's {@code deeplabv3_resnet50} and {@code deeplabv3_resnet101}. */
    TORCHVISION,
    /** Ports that start from the ResNets of He et al. as they were published. */
    MSRA
  }

  /** Where a block's stride stands. */
  enum Stride {
    /** As the preset says. */
    PRESET,
    /** In the first 1x1 convolution of the first unit (He et al.); not for basic units. */
    FIRST_1X1,
    /** In the first 3x3 convolution of the first unit ("ResNet v1.5"). */
    FIRST_3X3,
    /**
     * In the last 3x3 convolution of the last unit, behind all others of the block: then the same
     * weights compute the same function at every output stride.
     */
    LAST_3X3
  }

  /** How the image enters the network. */
  enum Stem {
    /** As the preset says. */
    PRESET,
    /** One 7x7 convolution of stride 2. */
    ONE_7X7,
    /**
     * Three 3x3 convolutions, the first of stride 2, with 64, 64 and 128 channels (times the
     * width).
     */
    THREE_3X3
  }

  /** What is added around maps that a stride meets. */
  enum Padding {
    /** As the preset says. */
    PRESET,
    /** The same on both sides. */
    SYMMETRIC,
    /** TensorFlow's SAME: at even sizes one pixel more below and to the right. */
    SAME
  }

  /** The rate of a block's first unit. */
  enum FirstUnitRate {
    /** As the preset says. */
    PRESET,
    /** The rate of the block, like its other units. */
    OF_BLOCK,
    /** The rate of the block before, as if the unit still had the stride that became the rate. */
    OF_PREVIOUS_BLOCK
  }

  /** Where the image-level features stand in the concatenation. */
  enum ImageFeatures {
    /** As the preset says. */
    PRESET,
    /** Before the other branches. */
    FIRST,
    /** Behind the other branches. */
    LAST
  }

  /** What follows the pyramid, or the last block. */
  enum Head {
    /** As the preset says. */
    PRESET,
    /** The 1x1 convolution that gives class scores. */
    SCORES,
    /** A 3x3 convolution with batch normalisation and ReLU, and then the class scores. */
    CONV_3X3_AND_SCORES
  }

  /** How scores are interpolated to the size of the image. */
  enum Interpolation {
    /** As the preset says. */
    PRESET,
    /** Centres of the corner pixels coincide. */
    ALIGN_CORNERS,
    /** Corners of the maps coincide. */
    HALF_PIXEL
  }

  /** Which parameters L2 regularisation shrinks. */
  enum WeightDecay {
    /** As the preset says. */
    PRESET,
    /** Weights of convolutions. */
    CONVOLUTIONS,
    /** Biases, and scale and shift of batch normalisation, too. */
    EVERYTHING
  }

  /** How bytes become the input of the network; RGB throughout. */
  enum Preprocessing {
    /** As the preset says. */
    PRESET,
    /** {@code x / 127.5 - 1}. */
    MINUS_ONE_TO_ONE,
    /** Minus (123.15, 115.90, 103.06). */
    MEAN,
    /** Minus (0.485, 0.456, 0.406) * 255, divided by (0.229, 0.224, 0.225) * 255. */
    MEAN_AND_DEVIATION
  }

  /**
   * What a new model's parameters are drawn from. The fan-in of a convolution are the values that
   * one of its outputs is computed from (kernel height * width * input channels), its fan-out those
   * that one of its inputs goes into (height * width * output channels), at stride 1 and away from
   * the border. Batch normalisation starts as the identity, in all of them.
   */
  enum InitialValues {
    /** As the preset says. */
    PRESET,
    /**
     * Normal with variance 2 / fan-in (He et al. 2015); class scores: normal with standard
     * deviation 0.01, cut at two deviations, and biases of 0.
     */
    HE_FAN_IN,
    /** As {@link #HE_FAN_IN}, with variance 2 / fan-out. */
    HE_FAN_OUT,
    /**
     * As torchvision: the backbone normal with variance 2 / fan-out; the pyramid, the heads and
     * their biases uniform between -1 and 1 divided by the square root of the fan-in, which is
     * PyTorch's default.
     */
    TORCHVISION
  }
}
