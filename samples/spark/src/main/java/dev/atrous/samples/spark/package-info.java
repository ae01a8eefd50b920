/** Labels images and trains on a Spark cluster. */
@NullMarked
package dev.atrous.samples.spark;

import org.jspecify.annotations.NullMarked;
