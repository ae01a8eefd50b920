package dev.atrous.processor.plan;

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
 * @param validShare mean share of its weights that meet the map and not the padding
 * @param activationBytes what a training step keeps of it, and of the operations behind it, for the
 *     backward pass; for a batch
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
    double validShare,
    long activationBytes) {

  /** The first part of its name: {@code block4}. */
  public String block() {
    return name.substring(0, name.indexOf('/'));
  }

  /** Rows, columns and channels of a feature map. */
  public record MapSize(int height, int width, int channels) {}
}
