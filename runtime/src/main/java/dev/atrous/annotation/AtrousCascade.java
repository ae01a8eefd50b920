package dev.atrous.annotation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Going deeper with atrous convolution (section 3.2 of the paper, Figure 3b): copies of block4 in
 * cascade, and a multi-grid of rates inside each of them. Without this annotation the network ends
 * with block4 and multi-grid (1, 1, 1).
 *
 * <pre>{@code @AtrousCascade(lastBlock = 7, multiGrid = {1, 2, 1})   // Table 3, 76.66 mIoU}</pre>
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
public @interface AtrousCascade {

  /**
   * The last block: 4 (no copies, the default) to 7 (block5, block6 and block7 are copies of
   * block4).
   */
  int lastBlock() default 4;

  /**
   * Unit rates of block4 and its copies (section 3.2.1): the 3x3 convolutions of the unit at
   * position {@code i} have rate {@code base rate * multiGrid[i]}. One positive value for each unit
   * of block4: three, or two for ResNet-18. At output stride 16 and {@code {1, 2, 4}}, block4 has
   * rates 2, 4 and 8.
   *
   * <p>Default: all ones.
   */
  int[] multiGrid() default {};
}
