package dev.atrous.processor.network;

import java.util.ArrayList;
import java.util.List;

/**
 * Where strides become rates (section 3.1 of the paper). Every block but the last halves the map,
 * in its last unit, as in the authors' implementation; where that would take the network past the
 * output stride, the block keeps its stride of 1 and everything after it gets twice the rate. The
 * stride of a block stands behind all its other convolutions, so the same weights compute the same
 * function, only more densely, at every output stride.
 *
 * @param blocks of block1 and following
 */
record AtrousSchedule(List<Block> blocks) {
  /** What the stem (a convolution and a pool of stride 2) leaves. */
  private static final int STEM_STRIDE = 4;

  /**
   * One block.
   *
   * @param stride of the last unit
   * @param rate of all units, before multi-grid
   */
  record Block(int stride, int rate) {}

  static AtrousSchedule of(int lastBlock, int outputStride) {
    List<Block> blocks = new ArrayList<>();
    int reached = STEM_STRIDE;
    int rate = 1;
    for (int number = 1; number <= lastBlock; number++) {
      int nominal = number == lastBlock ? 1 : 2;
      boolean strided = reached * nominal <= outputStride;
      blocks.add(new Block(strided ? nominal : 1, rate));
      if (strided) {
        reached *= nominal;
      } else {
        rate *= nominal;
      }
    }
    return new AtrousSchedule(List.copyOf(blocks));
  }

  Block block(int number) {
    return blocks.get(number - 1);
  }
}
