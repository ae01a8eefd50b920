/**
 * The operations that generated code is written in: forward, backward, update. What they add to a
 * graph runs on every device.
 */
@NullMarked
package dev.atrous.runtime.op;

import org.jspecify.annotations.NullMarked;
