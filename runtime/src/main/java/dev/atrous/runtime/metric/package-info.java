/** What the quality of a segmentation is measured by. */
@NullMarked
package dev.atrous.runtime.metric;

import org.jspecify.annotations.NullMarked;
