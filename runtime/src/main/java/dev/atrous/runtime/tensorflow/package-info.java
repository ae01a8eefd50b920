/** TensorFlow's native side: the library, its devices, XLA, the record of a run. */
@NullMarked
package dev.atrous.runtime.tensorflow;

import org.jspecify.annotations.NullMarked;
