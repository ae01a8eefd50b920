/**
 * What a developer writes on a model spec. A spec is a class or an interface that carries {@link
 * dev.atrous.annotation.SegmentationModel} and {@link dev.atrous.annotation.Backbone}; the rest is
 * optional. The annotation processor reads them during compilation and they are not kept at run
 * time.
 *
 * <p>Citations of "the paper" are to Chen, Papandreou, Schroff and Adam, <a
 * href="https://arxiv.org/abs/1706.05587">Rethinking Atrous Convolution for Semantic Image
 * Segmentation</a> (DeepLabv3, 2017).
 */
@NullMarked
package dev.atrous.annotation;

import org.jspecify.annotations.NullMarked;
