/** Java source for graphs. */
@NullMarked
package dev.atrous.processor.codegen;

import org.jspecify.annotations.NullMarked;
