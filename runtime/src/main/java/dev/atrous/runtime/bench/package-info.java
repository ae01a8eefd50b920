/** Measures how fast models train, predict and load their data on a machine. */
@NullMarked
package dev.atrous.runtime.bench;

import org.jspecify.annotations.NullMarked;
