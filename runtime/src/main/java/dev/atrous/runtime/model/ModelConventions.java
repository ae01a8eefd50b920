package dev.atrous.runtime.model;

import dev.atrous.annotation.Conventions;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a network does where implementations differ: {@code @Conventions} of its spec, with the
 * preset resolved. Most of it changes what the network computes, but neither names nor shapes of
 * its parameters.
 *
 * @param stride where a block's stride stands
 * @param stem how the image enters the network
 * @param padding what is added around maps that a stride meets
 * @param firstUnitRate the rate of a block's first unit, behind a stride that became a rate
 * @param imageFeatures where they stand in the concatenation of the pyramid
 * @param head what follows the pyramid, or the last block
 * @param interpolation of scores to the size of the image
 * @param weightDecay which parameters it shrinks; for training alone
 * @param preprocessing how bytes become the input
 * @param initialValues what a new model's parameters are drawn from; for training alone
 */
public record ModelConventions(
    Conventions.Stride stride,
    Conventions.Stem stem,
    Conventions.Padding padding,
    Conventions.FirstUnitRate firstUnitRate,
    Conventions.ImageFeatures imageFeatures,
    Conventions.Head head,
    Conventions.Interpolation interpolation,
    Conventions.WeightDecay weightDecay,
    Conventions.Preprocessing preprocessing,
    Conventions.InitialValues initialValues) {

  /**
   * @throws IllegalArgumentException for a constant {@code PRESET}, which leaves the choice open
   */
  public ModelConventions {
    for (Enum<?> value :
        List.of(
            stride,
            stem,
            padding,
            firstUnitRate,
            imageFeatures,
            head,
            interpolation,
            weightDecay,
            preprocessing,
            initialValues)) {
      if (value.name().equals("PRESET")) {
        throw new IllegalArgumentException(value.getDeclaringClass() + " is not decided");
      }
    }
  }

  /** Of torchvision's {@code deeplabv3_resnet50} and {@code deeplabv3_resnet101}. */
  public static final ModelConventions TORCHVISION =
      new ModelConventions(
          Conventions.Stride.FIRST_3X3,
          Conventions.Stem.ONE_7X7,
          Conventions.Padding.SYMMETRIC,
          Conventions.FirstUnitRate.OF_PREVIOUS_BLOCK,
          Conventions.ImageFeatures.LAST,
          Conventions.Head.CONV_3X3_AND_SCORES,
          Conventions.Interpolation.HALF_PIXEL,
          Conventions.WeightDecay.EVERYTHING,
          Conventions.Preprocessing.MEAN_AND_DEVIATION,
          Conventions.InitialValues.TORCHVISION);

  /**
   * Whether scores are interpolated so that the centres of the corner pixels coincide; otherwise
   * the corners themselves do (half-pixel centres).
   */
  public boolean alignCorners() {
    return interpolation == Conventions.Interpolation.ALIGN_CORNERS;
  }

  /** Each by the name of its element of {@code @Conventions}, in the order of the annotation. */
  public Map<String, Enum<?>> values() {
    Map<String, Enum<?>> values = new LinkedHashMap<>();
    values.put("stride", stride);
    values.put("stem", stem);
    values.put("padding", padding);
    values.put("firstUnitRate", firstUnitRate);
    values.put("imageFeatures", imageFeatures);
    values.put("head", head);
    values.put("interpolation", interpolation);
    values.put("weightDecay", weightDecay);
    values.put("preprocessing", preprocessing);
    values.put("initialValues", initialValues);
    return Collections.unmodifiableMap(values);
  }
}
