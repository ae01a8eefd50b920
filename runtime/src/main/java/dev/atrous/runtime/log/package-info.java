/**
 * What is kept of a training and of an evaluation: tables of figures, and files for TensorBoard.
 */
@NullMarked
package dev.atrous.runtime.log;

import org.jspecify.annotations.NullMarked;
