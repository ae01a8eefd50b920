/** What {@code samples/benchmarks/compare.py} measures beside its peers. */
@NullMarked
package dev.atrous.samples.benchmarks;

import org.jspecify.annotations.NullMarked;
