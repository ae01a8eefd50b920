/** The annotation processor: its stages are the packages below this one. */
@NullMarked
package dev.atrous.processor;

import org.jspecify.annotations.NullMarked;
