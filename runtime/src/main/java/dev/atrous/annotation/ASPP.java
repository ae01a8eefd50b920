package dev.atrous.annotation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Atrous spatial pyramid pooling (section 3.3 of the paper, Figure 5): a 1x1 convolution, a 3x3
 * convolution for each of {@link #rates}, and the image-level features, side by side on the last
 * feature map; concatenated and projected with a 1x1 convolution. Every convolution is followed by
 * batch normalisation and ReLU.
 *
 * <pre>{@code @ASPP(rates = {6, 12, 18}, imagePooling = true)   // Table 5, 77.21 mIoU}</pre>
 *
 * <p>Another {@link #form} has the pyramid of DeepLabv2, which the paper starts from:
 *
 * <pre>{@code @ASPP(form = ASPP.Form.DEEPLAB_V2, rates = {6, 12, 18, 24}, filters = 1024)}</pre>
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
public @interface ASPP {

  /** What the branches are made of and how they are joined. */
  Form form() default Form.DEEPLAB_V3;

  /**
   * Atrous rates of the 3x3 branches, in feature-map pixels at the declared output stride: positive
   * and ascending. When the same weights run at another output stride, the rates scale with it:
   * {@code {6, 12, 18}} at 16 are 12, 24 and 36 at 8. Output strides at which a rate would not be
   * whole are not offered.
   */
  int[] rates() default {6, 12, 18};

  /**
   * Whether to add image-level features: global average pooling, 1x1 convolution, batch
   * normalisation, ReLU, broadcast to the map (equation 2 in section 3.3). It costs little and
   * gains 0.6 mIoU in Table 5. {@link Form#DEEPLAB_V2} has none, whatever the default; to ask for
   * them there is an error.
   */
  boolean imagePooling() default true;

  /**
   * Output channels of every branch and of the projection: 1 to 4096. 256 in the paper. In {@link
   * Form#DEEPLAB_V2} those of the two convolutions before a branch's scores; DeepLabv2 has 1024.
   */
  int filters() default 256;

  /**
   * Share of the projection's values that training sets to zero: 0 to less than 1. torchvision has
   * 0.5, the paper none. In {@link Form#DEEPLAB_V2} it applies behind each of the two convolutions
   * before a branch's scores; DeepLabv2 has 0.5.
   */
  double dropout() default 0;

  /** What the branches are made of and how they are joined. */
  enum Form {
    /** Batch normalisation, a 1x1 branch, image-level features; concatenated and projected. */
    DEEPLAB_V3,
    /**
     * The baseline: <a href="https://arxiv.org/abs/1606.00915">DeepLabv2</a>, Figure 7. A branch
     * for each rate, which ends with its own class scores: 3x3 convolution with the rate, 1x1
     * convolution, both with bias, ReLU and dropout, then a 1x1 convolution with bias to the
     * classes. The scores of all branches are added. No batch normalisation, no 1x1 branch, no
     * image-level features, and no {@linkplain Conventions.Head head} behind it.
     */
    DEEPLAB_V2
  }
}
