/** Runs a compiled training step: schedule, checkpoints, progress. */
@NullMarked
package dev.atrous.runtime.train;

import org.jspecify.annotations.NullMarked;
