/**
 * TensorFlow's native side: the library, its devices, XLA, runs of graphs and their record, servers
 * of workers.
 */
@NullMarked
package dev.atrous.runtime.tensorflow;

import org.jspecify.annotations.NullMarked;
