/**
 * What can be wrong with a spec: the catalogue of messages, and where in the source each one
 * points.
 */
@NullMarked
package dev.atrous.processor.diag;

import org.jspecify.annotations.NullMarked;
