/**
 * The intermediate representation: typed operations on tensors of known shape, in static single
 * assignment.
 */
@NullMarked
package dev.atrous.processor.ir;

import org.jspecify.annotations.NullMarked;
