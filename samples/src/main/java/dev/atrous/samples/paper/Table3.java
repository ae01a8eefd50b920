package dev.atrous.samples.paper;

import dev.atrous.annotation.AtrousCascade;
import java.util.List;

/**
 * Table 3 of the paper: multi-grid rates in cascades to block4, 5, 6 and 7 on ResNet-101, at output
 * stride 16. Multi-grid (1, 1, 1) is none: those rows are the ones of ResNet-101 in {@link Table2}.
 */
@SuppressWarnings("ATR023") // the rates are the paper's, on maps of its crop
public interface Table3 {

  /** 70.23 mIoU. */
  @AtrousCascade(multiGrid = {1, 2, 1})
  interface ResNet101Block4Grid121 extends Table2.ResNet101Block4 {}

  /** 75.67 mIoU. */
  @AtrousCascade(lastBlock = 5)
  interface ResNet101Block5Grid121 extends ResNet101Block4Grid121 {}

  /** 76.09 mIoU. */
  @AtrousCascade(lastBlock = 6)
  interface ResNet101Block6Grid121 extends ResNet101Block4Grid121 {}

  /** 76.66 mIoU. */
  @AtrousCascade(lastBlock = 7)
  interface ResNet101Block7Grid121 extends ResNet101Block4Grid121 {}

  /** 73.14 mIoU. */
  @AtrousCascade(multiGrid = {1, 2, 3})
  interface ResNet101Block4Grid123 extends Table2.ResNet101Block4 {}

  /** 75.78 mIoU. */
  @AtrousCascade(lastBlock = 5)
  interface ResNet101Block5Grid123 extends ResNet101Block4Grid123 {}

  /** 75.96 mIoU. */
  @AtrousCascade(lastBlock = 6)
  interface ResNet101Block6Grid123 extends ResNet101Block4Grid123 {}

  /** 76.11 mIoU. */
  @AtrousCascade(lastBlock = 7)
  interface ResNet101Block7Grid123 extends ResNet101Block4Grid123 {}

  /** 73.45 mIoU. */
  @AtrousCascade(multiGrid = {1, 2, 4})
  interface ResNet101Block4Grid124 extends Table2.ResNet101Block4 {}

  /** 75.74 mIoU. */
  @AtrousCascade(lastBlock = 5)
  interface ResNet101Block5Grid124 extends ResNet101Block4Grid124 {}

  /** 75.85 mIoU. */
  @AtrousCascade(lastBlock = 6)
  interface ResNet101Block6Grid124 extends ResNet101Block4Grid124 {}

  /** 76.02 mIoU. */
  @AtrousCascade(lastBlock = 7)
  interface ResNet101Block7Grid124 extends ResNet101Block4Grid124 {}

  /** 71.45 mIoU. */
  @AtrousCascade(multiGrid = {2, 2, 2})
  interface ResNet101Block4Grid222 extends Table2.ResNet101Block4 {}

  /** 74.30 mIoU. */
  @AtrousCascade(lastBlock = 5)
  interface ResNet101Block5Grid222 extends ResNet101Block4Grid222 {}

  /** 74.70 mIoU. */
  @AtrousCascade(lastBlock = 6)
  interface ResNet101Block6Grid222 extends ResNet101Block4Grid222 {}

  /** 74.62 mIoU. */
  @AtrousCascade(lastBlock = 7)
  interface ResNet101Block7Grid222 extends ResNet101Block4Grid222 {}

  /** The rows as printed. */
  static List<Row> rows() {
    return List.of(
        Row.trained(3, "(1, 1, 1), block4", new Table2_ResNet101Block4Model(), 68.39),
        Row.trained(3, "(1, 1, 1), block5", new Table2_ResNet101Block5Model(), 73.21),
        Row.trained(3, "(1, 1, 1), block6", new Table2_ResNet101Block6Model(), 75.34),
        Row.trained(3, "(1, 1, 1), block7", new Table2_ResNet101Block7Model(), 75.76),
        Row.trained(3, "(1, 2, 1), block4", new Table3_ResNet101Block4Grid121Model(), 70.23),
        Row.trained(3, "(1, 2, 1), block5", new Table3_ResNet101Block5Grid121Model(), 75.67),
        Row.trained(3, "(1, 2, 1), block6", new Table3_ResNet101Block6Grid121Model(), 76.09),
        Row.trained(3, "(1, 2, 1), block7", new Table3_ResNet101Block7Grid121Model(), 76.66),
        Row.trained(3, "(1, 2, 3), block4", new Table3_ResNet101Block4Grid123Model(), 73.14),
        Row.trained(3, "(1, 2, 3), block5", new Table3_ResNet101Block5Grid123Model(), 75.78),
        Row.trained(3, "(1, 2, 3), block6", new Table3_ResNet101Block6Grid123Model(), 75.96),
        Row.trained(3, "(1, 2, 3), block7", new Table3_ResNet101Block7Grid123Model(), 76.11),
        Row.trained(3, "(1, 2, 4), block4", new Table3_ResNet101Block4Grid124Model(), 73.45),
        Row.trained(3, "(1, 2, 4), block5", new Table3_ResNet101Block5Grid124Model(), 75.74),
        Row.trained(3, "(1, 2, 4), block6", new Table3_ResNet101Block6Grid124Model(), 75.85),
        Row.trained(3, "(1, 2, 4), block7", new Table3_ResNet101Block7Grid124Model(), 76.02),
        Row.trained(3, "(2, 2, 2), block4", new Table3_ResNet101Block4Grid222Model(), 71.45),
        Row.trained(3, "(2, 2, 2), block5", new Table3_ResNet101Block5Grid222Model(), 74.30),
        Row.trained(3, "(2, 2, 2), block6", new Table3_ResNet101Block6Grid222Model(), 74.70),
        Row.trained(3, "(2, 2, 2), block7", new Table3_ResNet101Block7Grid222Model(), 74.62));
  }
}
