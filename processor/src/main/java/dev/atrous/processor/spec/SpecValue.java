package dev.atrous.processor.spec;

import java.util.Optional;

/**
 * A value of a spec and where it comes from.
 *
 * @param annotation without its package, for example {@code ASPP}
 * @param name for example {@code rates}
 * @param text as it may be written: {@code {6, 12, 18}}
 * @param from the type that writes it, the spec or one that it extends; empty for the default of
 *     the annotation
 */
public record SpecValue(String annotation, String name, String text, Optional<SpecName> from) {}
