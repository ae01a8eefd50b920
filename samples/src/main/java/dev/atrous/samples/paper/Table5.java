package dev.atrous.samples.paper;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.AtrousCascade;
import dev.atrous.samples.DeepLabV3Model;
import java.util.List;

/**
 * Table 5 of the paper: atrous spatial pyramid pooling on ResNet-101, with multi-grid and
 * image-level features, at output stride 16. The last row, with all of it, is {@link
 * dev.atrous.samples.DeepLabV3}.
 */
@SuppressWarnings("ATR023") // the rates are the paper's, on maps of its crop
public interface Table5 {

  /** 75.36 mIoU. */
  @ASPP(
      rates = {6, 12, 18},
      imagePooling = false)
  interface ResNet101Pyramid extends Table2.ResNet101Block4 {}

  /** 75.93 mIoU. */
  @AtrousCascade(multiGrid = {1, 2, 1})
  interface ResNet101PyramidGrid121 extends ResNet101Pyramid {}

  /** 76.58 mIoU. */
  @AtrousCascade(multiGrid = {1, 2, 4})
  interface ResNet101PyramidGrid124 extends ResNet101Pyramid {}

  /** 76.46 mIoU. */
  @ASPP(rates = {6, 12, 18, 24})
  interface ResNet101PyramidGrid124FourRates extends ResNet101PyramidGrid124 {}

  /** The rows as printed. */
  static List<Row> rows() {
    return List.of(
        Row.trained(5, "MG (1, 1, 1), ASPP (6, 12, 18)", new Table5_ResNet101PyramidModel(), 75.36),
        Row.trained(
            5, "MG (1, 2, 1), ASPP (6, 12, 18)", new Table5_ResNet101PyramidGrid121Model(), 75.93),
        Row.trained(
            5, "MG (1, 2, 4), ASPP (6, 12, 18)", new Table5_ResNet101PyramidGrid124Model(), 76.58),
        Row.trained(
            5,
            "MG (1, 2, 4), ASPP (6, 12, 18, 24)",
            new Table5_ResNet101PyramidGrid124FourRatesModel(),
            76.46),
        Row.trained(
            5, "MG (1, 2, 4), ASPP (6, 12, 18), image pooling", new DeepLabV3Model(), 77.21));
  }
}
