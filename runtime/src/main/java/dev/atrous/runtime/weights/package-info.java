/**
 * Trained weights of other programs: files of PyTorch, safetensors files and TensorFlow
 * checkpoints, and which of their tensors is which parameter of a model. Files are data here:
 * nothing in them is executed, and no size that they claim is believed before it is checked.
 */
@NullMarked
package dev.atrous.runtime.weights;

import org.jspecify.annotations.NullMarked;
