package dev.atrous.processor.spec;

import java.util.List;

/** The backbones that a spec can name; the constants match {@code dev.atrous.annotation.ResNet}. */
public enum Architecture {
  RESNET_18("ResNet-18", false, List.of(2, 2, 2, 2)),
  RESNET_34("ResNet-34", false, List.of(3, 4, 6, 3)),
  RESNET_50("ResNet-50", true, List.of(3, 4, 6, 3)),
  RESNET_101("ResNet-101", true, List.of(3, 4, 23, 3)),
  RESNET_152("ResNet-152", true, List.of(3, 8, 36, 3));

  private final String title;
  private final boolean bottleneck;
  private final List<Integer> units;

  Architecture(String title, boolean bottleneck, List<Integer> units) {
    this.title = title;
    this.bottleneck = bottleneck;
    this.units = units;
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
    return units.get(Math.min(block, units.size()) - 1);
  }
}
