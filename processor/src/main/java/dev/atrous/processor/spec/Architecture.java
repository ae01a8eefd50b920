package dev.atrous.processor.spec;

/** The backbones that a spec can name; the constants match {@code dev.atrous.annotation.ResNet}. */
public enum Architecture {
  RESNET_18("ResNet-18", false, 2, 2, 2, 2),
  RESNET_34("ResNet-34", false, 3, 4, 6, 3),
  RESNET_50("ResNet-50", true, 3, 4, 6, 3),
  RESNET_101("ResNet-101", true, 3, 4, 23, 3),
  RESNET_152("ResNet-152", true, 3, 8, 36, 3);

  private final String title;
  private final boolean bottleneck;
  private final int units1;
  private final int units2;
  private final int units3;
  private final int units4;

  Architecture(String title, boolean bottleneck, int units1, int units2, int units3, int units4) {
    this.title = title;
    this.bottleneck = bottleneck;
    this.units1 = units1;
    this.units2 = units2;
    this.units3 = units3;
    this.units4 = units4;
  }

  /** Its published name. */
  public String title() {
    return title;
  }

  /** Whether units are 1x1, 3x3, 1x1; otherwise they are two 3x3 convolutions. */
  public boolean bottleneck() {
    return bottleneck;
  }

  /** Units of a block, 1 to 7; block5 to block7 are copies of block4. */
  public int units(int block) {
    return switch (block) {
      case 1 -> units1;
      case 2 -> units2;
      case 3 -> units3;
      default -> units4;
    };
  }
}
