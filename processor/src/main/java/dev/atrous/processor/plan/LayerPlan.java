package dev.atrous.processor.plan;

import dev.atrous.processor.ir.ValidWeights;

/**
 * One convolution at the training crop and output stride.
 *
 * @param name path in the network, for example {@code block4/unit1/conv2}
 * @param kernel side of the filter
 * @param baseRate atrous rate of its block, before the multi-grid
 * @param rate atrous rate, with the unit's rate of the multi-grid
 * @param input the map that it reads
 * @param output the map that it writes
 * @param parameters trainable scalars, with those of the batch normalisation or the bias behind it
 * @param multiplyAdds for one image, those with the padding counted
 * @param validWeights how many of its weights meet the map and not the padding
 * @param activationBytes what a training step keeps of it, and of the operations behind it, for the
 *     backward pass; for a batch
 * @param bfloat16ActivationBytes likewise where maps are in bfloat16
 */
public record LayerPlan(
    String name,
    int kernel,
    int stride,
    int baseRate,
    int rate,
    MapSize input,
    MapSize output,
    long parameters,
    long multiplyAdds,
    ValidWeights validWeights,
    long activationBytes,
    long bfloat16ActivationBytes) {

  /** Mean share of its weights that meet the map and not the padding. */
  public double validShare() {
    return validWeights.share();
  }

  /** What the multi-grid multiplies its rate by; 1 outside of it. */
  public int unitRate() {
    return rate / baseRate;
  }

  /** The first part of its name: {@code block4}. */
  public String block() {
    return name.substring(0, name.indexOf('/'));
  }

  /** The number of its block in the backbone, 1 to 7; 0 outside of the blocks. */
  public int blockNumber() {
    return block().startsWith("block") ? Integer.parseInt(block().substring(5)) : 0;
  }

  /** Rows, columns and channels of a feature map. */
  public record MapSize(int height, int width, int channels) {}
}
