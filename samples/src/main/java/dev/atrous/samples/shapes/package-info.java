/** A data set of drawn shapes, to try a model on without downloading one. */
@NullMarked
package dev.atrous.samples.shapes;

import org.jspecify.annotations.NullMarked;
