/** A model spec as the developer wrote it, read from its annotations and checked. */
@NullMarked
package dev.atrous.processor.spec;

import org.jspecify.annotations.NullMarked;
