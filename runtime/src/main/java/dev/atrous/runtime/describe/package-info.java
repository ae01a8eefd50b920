/**
 * What a model is, for people: its parts, its figures, and a page with a drawing of the network.
 * Needs nothing of TensorFlow.
 */
@NullMarked
package dev.atrous.runtime.describe;

import org.jspecify.annotations.NullMarked;
