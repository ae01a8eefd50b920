/** What a model costs and what its atrous convolutions see, read off its graphs. */
@NullMarked
package dev.atrous.processor.plan;

import org.jspecify.annotations.NullMarked;
