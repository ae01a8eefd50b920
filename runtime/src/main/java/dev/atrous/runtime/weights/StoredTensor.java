package dev.atrous.runtime.weights;

import org.tensorflow.ndarray.Shape;

/**
 * What a file says of a tensor, without its values.
 *
 * @param shape as the file orders it; PyTorch's convolutions are {@code [outputs, inputs, height,
 *     width]}
 */
public record StoredTensor(ElementType type, Shape shape) {}
