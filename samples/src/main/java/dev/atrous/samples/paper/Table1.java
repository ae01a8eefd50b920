package dev.atrous.samples.paper;

import dev.atrous.annotation.Backbone;
import java.util.List;

/**
 * Table 1 of the paper: ResNet-50 with a cascade to block7, trained and evaluated at different
 * output strides. The row of output stride 16 is {@link Table2.ResNet50Block7}.
 */
@SuppressWarnings("ATR023") // the rates are the paper's, on maps of its crop
public interface Table1 {

  /** 75.18 mIoU. */
  @Backbone(outputStride = 8)
  interface ResNet50Block7Stride8 extends Table2.ResNet50Block7 {}

  /** 70.06 mIoU. */
  @Backbone(outputStride = 32)
  interface ResNet50Block7Stride32 extends Table2.ResNet50Block7 {}

  /** 59.99 mIoU. */
  @Backbone(outputStride = 64)
  interface ResNet50Block7Stride64 extends Table2.ResNet50Block7 {}

  /** 42.34 mIoU. */
  @Backbone(outputStride = 128)
  interface ResNet50Block7Stride128 extends Table2.ResNet50Block7 {}

  /** 20.29 mIoU. */
  @Backbone(outputStride = 256)
  interface ResNet50Block7Stride256 extends Table2.ResNet50Block7 {}

  /** The rows as printed. */
  static List<Row> rows() {
    return List.of(
        Row.trained(1, "output_stride = 8", new Table1_ResNet50Block7Stride8Model(), 75.18),
        Row.trained(1, "output_stride = 16", new Table2_ResNet50Block7Model(), 73.88),
        Row.trained(1, "output_stride = 32", new Table1_ResNet50Block7Stride32Model(), 70.06),
        Row.trained(1, "output_stride = 64", new Table1_ResNet50Block7Stride64Model(), 59.99),
        Row.trained(1, "output_stride = 128", new Table1_ResNet50Block7Stride128Model(), 42.34),
        Row.trained(1, "output_stride = 256", new Table1_ResNet50Block7Stride256Model(), 20.29));
  }
}
