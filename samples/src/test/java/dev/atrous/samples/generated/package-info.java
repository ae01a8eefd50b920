/**
 * What the processor generates from small specs, run with TensorFlow and compared with the
 * reference interpreter, which evaluates the network of the same spec in double precision: without
 * passes, and without generated code.
 */
@NullMarked
package dev.atrous.samples.generated;

import org.jspecify.annotations.NullMarked;
