package dev.atrous.annotation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a semantic segmentation model: a network that gives every pixel of an image one of
 * {@link #classes} labels.
 *
 * <p>For a spec {@code DeepLabV3} the processor writes, in the same package, {@code DeepLabV3Model}
 * (parameters and the inference graph), {@code DeepLabV3Trainer} (the training step and {@code
 * fit}) and {@code DeepLabV3Predictor}. For a spec nested in {@code Specs} the names start with
 * {@code Specs_DeepLabV3}.
 *
 * <pre>{@code
 * @SegmentationModel(classes = 21, crop = 513)
 * @Backbone(value = ResNet.RESNET_101, outputStride = 16)
 * @AtrousCascade(multiGrid = {1, 2, 4})
 * @ASPP(rates = {6, 12, 18}, imagePooling = true)
 * @Training(batchSize = 16, steps = 30_000, learningRate = 0.007)
 * interface DeepLabV3 {}
 * }</pre>
 *
 * <p>Errors and warnings of the compiler have ids. {@code @SuppressWarnings("ATR023")} on the spec,
 * or on a type around it, silences the warnings of that id; {@code "all"} silences all warnings.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
public @interface SegmentationModel {

  /**
   * How many labels there are, background included: 2 to 254. Label 255 marks pixels to ignore
   * (PASCAL VOC's "void" rim) and is never a class. PASCAL VOC has 21 (section 4 of the paper).
   *
   * <p>Must be written, on the spec or on a type that it extends.
   */
  int classes() default 0;

  /**
   * What the classes are called in results: one name for each class, class 0 first, none blank or
   * twice. Without a background among them (background, void, unlabeled, other or none, in upper or
   * lower case) there is a warning, since in most data sets label 0 is that. {@code --class-names}
   * on the command line replaces them.
   *
   * <p>Default: none; results show numbers.
   */
  String[] classNames() default {};

  /**
   * Bands of an image: 1 to 16. 3, the default, are red, green and blue, into which images of other
   * kinds are turned. Any other number is what the files must have: TIFF of any number, PNG of 1
   * (grey), 2 (grey and alpha) and 4 (RGB and alpha), whose alpha is a band as the others are.
   */
  int bands() default 3;

  /**
   * Bits of a value: 8, the default, or 16. With 16 the files must have values of 16 bits, and the
   * network gets them as they are, however many of the bits are used; three bands too are then
   * those of the files. A model of red, green and blue in 8 bits takes images of 16 by their upper
   * bits.
   */
  int bits() default 8;

  /**
   * Mean of each band over the training images, in the values of the files, 0 to 255 or to 65535: a
   * band enters the network as {@code (value - mean) / deviation}. Written with {@link
   * #bandDeviation}, it replaces what {@link Conventions#preprocessing} says.
   *
   * <p>Default: none. Three bands of 8 bits are prepared as the conventions say; for others,
   * training measures mean and deviation on the images that it trains on, and keeps them with the
   * weights.
   */
  double[] bandMean() default {};

  /** Standard deviation of each band over the training images; each greater than 0. */
  double[] bandDeviation() default {};

  /**
   * Side of the square training crop in pixels; the paper uses 513 (section 4.1). A crop that is 1
   * modulo the output stride lets the feature map's corners fall on the crop's corners; where the
   * scores are interpolated between corners ({@link Conventions#interpolation}), any other size is
   * a warning. Training graphs are planned for this size; inference takes images of any size.
   */
  int crop() default 513;
}
