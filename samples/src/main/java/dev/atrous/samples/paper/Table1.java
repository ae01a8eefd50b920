package dev.atrous.samples.paper;

import dev.atrous.annotation.AtrousCascade;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;
import java.util.List;

/**
 * Table 1 of the paper: ResNet-50 with a cascade to block7, trained and evaluated at different
 * output strides. The row of output stride 16 is {@link Table2.ResNet50Block7}.
 */
@SuppressWarnings("ATR023") // the rates are the paper's, on maps of its crop
public interface Table1 {

  /** 75.18 mIoU. */
  @SegmentationModel(classes = 21, crop = 513)
  @Backbone(value = ResNet.RESNET_50, outputStride = 8)
  @AtrousCascade(lastBlock = 7)
  @Training(batchSize = 16, steps = 30_000, learningRate = 0.007)
  interface ResNet50Block7Stride8 {}

  /** 70.06 mIoU. */
  @SegmentationModel(classes = 21, crop = 513)
  @Backbone(value = ResNet.RESNET_50, outputStride = 32)
  @AtrousCascade(lastBlock = 7)
  @Training(batchSize = 16, steps = 30_000, learningRate = 0.007)
  interface ResNet50Block7Stride32 {}

  /** 59.99 mIoU. */
  @SegmentationModel(classes = 21, crop = 513)
  @Backbone(value = ResNet.RESNET_50, outputStride = 64)
  @AtrousCascade(lastBlock = 7)
  @Training(batchSize = 16, steps = 30_000, learningRate = 0.007)
  interface ResNet50Block7Stride64 {}

  /** 42.34 mIoU. */
  @SegmentationModel(classes = 21, crop = 513)
  @Backbone(value = ResNet.RESNET_50, outputStride = 128)
  @AtrousCascade(lastBlock = 7)
  @Training(batchSize = 16, steps = 30_000, learningRate = 0.007)
  interface ResNet50Block7Stride128 {}

  /** 20.29 mIoU. */
  @SegmentationModel(classes = 21, crop = 513)
  @Backbone(value = ResNet.RESNET_50, outputStride = 256)
  @AtrousCascade(lastBlock = 7)
  @Training(batchSize = 16, steps = 30_000, learningRate = 0.007)
  interface ResNet50Block7Stride256 {}

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
