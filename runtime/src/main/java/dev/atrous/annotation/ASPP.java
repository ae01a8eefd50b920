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
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.SOURCE)
public @interface ASPP {

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
   * gains 0.6 mIoU in Table 5.
   */
  boolean imagePooling() default true;

  /** Output channels of every branch and of the projection: 1 to 4096. 256 in the paper. */
  int filters() default 256;

  /**
   * Share of the projection's values that training sets to zero: 0 to less than 1. torchvision has
   * 0.5, the paper none.
   */
  double dropout() default 0;
}
