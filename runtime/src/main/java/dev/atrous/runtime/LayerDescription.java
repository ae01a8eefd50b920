package dev.atrous.runtime;

/**
 * One convolution of a model, at the training crop and output stride.
 *
 * @param name path in the network, for example {@code block4/unit1/conv2}
 * @param kernel side of the filter
 * @param stride step of the filter
 * @param rate atrous rate
 * @param height rows of the output
 * @param width columns of the output
 * @param channels channels of the output
 * @param parameters trainable scalars, with those of the bias or of the batch normalisation that
 *     follows, unless that is frozen
 * @param multiplyAdds multiplications of one image, those with the padding counted
 */
public record LayerDescription(
    String name,
    int kernel,
    int stride,
    int rate,
    int height,
    int width,
    int channels,
    long parameters,
    long multiplyAdds) {}
