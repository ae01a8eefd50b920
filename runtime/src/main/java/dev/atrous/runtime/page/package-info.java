/** Pages of HTML that need nothing else: their frame, their style, and drawings. */
@NullMarked
package dev.atrous.runtime.page;

import org.jspecify.annotations.NullMarked;
