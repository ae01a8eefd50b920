/**
 * The command line that is the same for every compiled model: describe, train, evaluate, predict,
 * import, bench, doctor.
 */
@NullMarked
package dev.atrous.runtime.cli;

import org.jspecify.annotations.NullMarked;
