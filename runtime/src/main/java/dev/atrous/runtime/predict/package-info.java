/** Labels images with a trained model. */
@NullMarked
package dev.atrous.runtime.predict;

import org.jspecify.annotations.NullMarked;
