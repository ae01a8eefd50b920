/** DJL, a peer of {@code samples/benchmarks/compare.py}. */
package dev.atrous.samples.benchmarks.djl;
