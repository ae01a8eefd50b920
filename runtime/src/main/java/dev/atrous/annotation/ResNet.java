package dev.atrous.annotation;

/**
 * Residual networks of He et al., <a href="https://arxiv.org/abs/1512.03385">Deep Residual Learning
 * for Image Recognition</a> (2016), Table 1. The numbers in brackets are the units of block1 to
 * block4.
 */
public enum ResNet {
  /** 18 layers: basic units (two 3x3 convolutions), [2, 2, 2, 2]. */
  RESNET_18,
  /** 34 layers: basic units, [3, 4, 6, 3]. */
  RESNET_34,
  /** 50 layers: bottleneck units (1x1, 3x3, 1x1), [3, 4, 6, 3]. */
  RESNET_50,
  /** 101 layers: bottleneck units, [3, 4, 23, 3]. */
  RESNET_101,
  /** 152 layers: bottleneck units, [3, 8, 36, 3]. */
  RESNET_152,
  /** None of its own: that of a type which the spec extends. The default. */
  INHERITED
}
