/**
 * Whether the generated models of torchvision's DeepLabv3 compute what torchvision computes: class
 * scores, gradients, and a few steps of training. What torchvision computes is in the golden files
 * of {@code samples/parity/goldens.py}; weights and images follow from a formula and come in
 * through the import.
 */
@NullMarked
package dev.atrous.samples.parity;

import org.jspecify.annotations.NullMarked;
