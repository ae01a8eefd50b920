/** Rewrites of a graph that compute the same with less work. */
@NullMarked
package dev.atrous.processor.pass;

import org.jspecify.annotations.NullMarked;
