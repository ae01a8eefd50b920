package dev.atrous.processor.network;

import dev.atrous.processor.spec.Conventions;
import java.util.ArrayList;
import java.util.List;

/**
 * Where strides become rates (section 3.1 of the paper). All blocks but one halve the map: in their
 * last unit (all but the last block), as in the authors' implementation, or in their first (all but
 * block1). Where that would take the network past the output stride, the block keeps its stride of
 * 1 and everything after it gets twice the rate. With the stride in the last unit it stands behind
 * all other convolutions of the block, so the same weights compute the same function, only more
 * densely, at every output stride.
 *
 * @param blocks of block1 and following
 */
record AtrousSchedule(List<Block> blocks) {
  /** What the stem (a convolution and a pool of stride 2) leaves. */
  private static final int STEM_STRIDE = 4;

  /**
   * One block.
   *
   * @param stride of its one unit that may have a stride
   * @param firstRate of the first unit, before multi-grid
   * @param rate of the other units, before multi-grid
   */
  record Block(int stride, int firstRate, int rate) {}

  static AtrousSchedule of(int lastBlock, int outputStride, Conventions conventions) {
    boolean first = conventions.stride().inFirstUnit();
    boolean previous = conventions.firstUnitRate() == Conventions.FirstUnitRate.OF_PREVIOUS_BLOCK;
    List<Block> blocks = new ArrayList<>();
    int reached = STEM_STRIDE;
    int before = 1; // rate of the units before the block
    int rate = 1;
    for (int number = 1; number <= lastBlock; number++) {
      int nominal = number == (first ? 1 : lastBlock) ? 1 : 2;
      boolean strided = reached * nominal <= outputStride;
      int stride = strided ? nominal : 1;
      int after = strided ? rate : rate * nominal;
      int units = first ? after : rate;
      blocks.add(new Block(stride, previous ? before : units, units));
      reached *= stride;
      before = units;
      rate = after;
    }
    return new AtrousSchedule(List.copyOf(blocks));
  }

  Block block(int number) {
    return blocks.get(number - 1);
  }
}
