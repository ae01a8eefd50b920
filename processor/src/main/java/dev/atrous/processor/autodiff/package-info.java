/**
 * Reverse-mode differentiation of a graph: the training step with backward pass and updates written
 * out.
 */
@NullMarked
package dev.atrous.processor.autodiff;

import org.jspecify.annotations.NullMarked;
