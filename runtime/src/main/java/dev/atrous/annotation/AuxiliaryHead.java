package dev.atrous.annotation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A second, small head on block3 whose loss helps to train the backbone, as in torchvision's
 * models: 3x3 convolution to a quarter of block3's channels, batch normalisation, ReLU, dropout,
 * class scores. Inference does not compute it.
 *
 * <pre>{@code @AuxiliaryHead(lossWeight = 0.5)}</pre>
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
public @interface AuxiliaryHead {

  /**
   * Factor of its loss in the sum; greater than 0, at most 1000. torchvision's references use 0.5.
   */
  double lossWeight() default 0.5;

  /**
   * Share of values that are set to zero before its scores, 0 to less than 1. torchvision has 0.1.
   */
  double dropout() default 0.1;
}
