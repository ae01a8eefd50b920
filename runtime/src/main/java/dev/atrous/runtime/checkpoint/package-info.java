/**
 * Trained weights on disk, in TensorFlow's own checkpoint format (version 2), so that Python's
 * {@code tf.train.load_checkpoint} reads them. A parameter has its name in the network, a momentum
 * that name and {@code /Momentum}, and {@code global_step} counts the steps done.
 */
@NullMarked
package dev.atrous.runtime.checkpoint;

import org.jspecify.annotations.NullMarked;
