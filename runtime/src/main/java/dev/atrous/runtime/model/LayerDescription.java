package dev.atrous.runtime.model;

/**
 * One convolution of a model, at the training crop and output stride, as the compiler planned it.
 *
 * @param name path in the network, for example {@code block4/unit1/conv2}
 * @param kernel side of the filter
 * @param stride step of the filter
 * @param baseRate atrous rate of its block, before the multi-grid
 * @param rate atrous rate, with the unit's rate of the multi-grid
 * @param inputHeight rows of the map that it reads
 * @param inputWidth columns of the map that it reads
 * @param height rows of the output
 * @param width columns of the output
 * @param channels channels of the output
 * @param parameters trainable scalars, with those of the bias or of the batch normalisation that
 *     follows, unless that is frozen
 * @param multiplyAdds multiplications of one image, those with the padding counted
 * @param validShare mean share of its weights that meet the map and not the padding, 0 to 1
 *     (section 3.3 of the paper, Figure 4)
 * @param activationBytes what a training step keeps of it, and of the operations behind it, for the
 *     backward pass; for a batch of the recipe, with maps in float32
 * @param bfloat16ActivationBytes likewise with maps in bfloat16
 */
public record LayerDescription(
    String name,
    int kernel,
    int stride,
    int baseRate,
    int rate,
    int inputHeight,
    int inputWidth,
    int height,
    int width,
    int channels,
    long parameters,
    long multiplyAdds,
    double validShare,
    long activationBytes,
    long bfloat16ActivationBytes) {}
