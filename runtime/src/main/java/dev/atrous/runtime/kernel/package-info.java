/** How a CPU computes convolutions faster than TensorFlow would by itself. */
@NullMarked
package dev.atrous.runtime.kernel;

import org.jspecify.annotations.NullMarked;
