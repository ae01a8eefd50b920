package dev.atrous.runtime.model;

import org.jspecify.annotations.Nullable;

/**
 * A value that a spec does not write itself.
 *
 * @param annotation that it belongs to, for example {@code Training}
 * @param name for example {@code batchSize}
 * @param value as it may be written, for example {@code {6, 12, 18}}
 * @param from the type that writes it, which the spec extends; null for the default of the
 *     annotation
 */
public record InheritedValue(String annotation, String name, String value, @Nullable String from) {}
