/** The page of a model, of generated descriptions and in a browser. */
@NullMarked
package dev.atrous.samples.describe;

import org.jspecify.annotations.NullMarked;
