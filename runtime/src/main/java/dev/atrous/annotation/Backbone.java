package dev.atrous.annotation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The network that computes the features: a ResNet whose last strides are replaced by atrous rates
 * so that the feature map stays dense (section 3.1 of the paper).
 *
 * <pre>{@code @Backbone(value = ResNet.RESNET_101, outputStride = 16)}</pre>
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
public @interface Backbone {

  /** Which ResNet. Must be written, on the spec or on a type that it extends. */
  ResNet value() default ResNet.INHERITED;

  /**
   * Image size divided by feature map size, as trained: 8, 16 or 32, and up to 256 with a cascade
   * (each block after block4 doubles it). A 513x513 crop gives a 33x33 map at 16 and 65x65 at 8.
   * Smaller means denser features and more work; the paper trains at 16 and evaluates at 8. A block
   * whose stride would exceed it gets stride 1, and every convolution after it that much more
   * atrous rate.
   */
  int outputStride() default 16;

  /**
   * Multiplier on the channels of every block, for small models: greater than 0, at most 2. At 1
   * the blocks have 64, 128, 256 and 512 base channels; channel counts are rounded to a multiple of
   * 8, and at least 8.
   */
  double width() default 1.0;
}
