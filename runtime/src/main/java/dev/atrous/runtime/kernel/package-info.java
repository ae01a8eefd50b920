/** How convolutions are computed faster than TensorFlow would by itself. */
@NullMarked
package dev.atrous.runtime.kernel;

import org.jspecify.annotations.NullMarked;
