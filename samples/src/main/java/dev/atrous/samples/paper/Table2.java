package dev.atrous.samples.paper;

import dev.atrous.annotation.AtrousCascade;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.ResNet;
import java.util.List;

/**
 * Table 2 of the paper: cascades to block4, 5, 6 and 7 on ResNet-50 and ResNet-101, at output
 * stride 16.
 */
@SuppressWarnings("ATR023") // the rates are the paper's, on maps of its crop
public interface Table2 {

  /** 64.81 mIoU. */
  @Backbone(ResNet.RESNET_50)
  interface ResNet50Block4 extends Paper {}

  /** 72.14 mIoU. */
  @AtrousCascade(lastBlock = 5)
  interface ResNet50Block5 extends ResNet50Block4 {}

  /** 74.29 mIoU. */
  @AtrousCascade(lastBlock = 6)
  interface ResNet50Block6 extends ResNet50Block4 {}

  /** 73.88 mIoU. Also the row of output stride 16 in Table 1. */
  @AtrousCascade(lastBlock = 7)
  interface ResNet50Block7 extends ResNet50Block4 {}

  /** 68.39 mIoU. Also multi-grid (1, 1, 1) in Table 3. */
  @Backbone(ResNet.RESNET_101)
  interface ResNet101Block4 extends Paper {}

  /** 73.21 mIoU. Also multi-grid (1, 1, 1) in Table 3. */
  @AtrousCascade(lastBlock = 5)
  interface ResNet101Block5 extends ResNet101Block4 {}

  /** 75.34 mIoU. Also multi-grid (1, 1, 1) in Table 3. */
  @AtrousCascade(lastBlock = 6)
  interface ResNet101Block6 extends ResNet101Block4 {}

  /** 75.76 mIoU. Also multi-grid (1, 1, 1) in Table 3. */
  @AtrousCascade(lastBlock = 7)
  interface ResNet101Block7 extends ResNet101Block4 {}

  /** The rows as printed. */
  static List<Row> rows() {
    return List.of(
        Row.trained(2, "ResNet-50, block4", new Table2_ResNet50Block4Model(), 64.81),
        Row.trained(2, "ResNet-50, block5", new Table2_ResNet50Block5Model(), 72.14),
        Row.trained(2, "ResNet-50, block6", new Table2_ResNet50Block6Model(), 74.29),
        Row.trained(2, "ResNet-50, block7", new Table2_ResNet50Block7Model(), 73.88),
        Row.trained(2, "ResNet-101, block4", new Table2_ResNet101Block4Model(), 68.39),
        Row.trained(2, "ResNet-101, block5", new Table2_ResNet101Block5Model(), 73.21),
        Row.trained(2, "ResNet-101, block6", new Table2_ResNet101Block6Model(), 75.34),
        Row.trained(2, "ResNet-101, block7", new Table2_ResNet101Block7Model(), 75.76));
  }
}
