/**
 * What the compiler says about a model: generated code implements {@link
 * dev.atrous.runtime.model.CompiledModel}, and everything that uses a model takes that.
 */
@NullMarked
package dev.atrous.runtime.model;

import org.jspecify.annotations.NullMarked;
