/**
 * What generated code calls and implements: {@link dev.atrous.runtime.CompiledModel} and {@link
 * dev.atrous.runtime.TrainingStep} are implemented by it; {@link dev.atrous.runtime.NetworkOps},
 * {@link dev.atrous.runtime.GradientOps} and {@link dev.atrous.runtime.UpdateOps} are the
 * vocabulary that it builds TensorFlow graphs with.
 */
@NullMarked
package dev.atrous.runtime;

import org.jspecify.annotations.NullMarked;
