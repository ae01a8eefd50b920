/** Specs to start from, the command line for them, and the quickstart. */
@NullMarked
package dev.atrous.samples;

import org.jspecify.annotations.NullMarked;
