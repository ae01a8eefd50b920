/** How a training or an evaluation went, on one page for people. */
@NullMarked
package dev.atrous.runtime.report;

import org.jspecify.annotations.NullMarked;
