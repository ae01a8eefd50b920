/**
 * What a developer writes on a model spec. A spec is a class or an interface that has {@link
 * dev.atrous.annotation.SegmentationModel} with a number of classes and {@link
 * dev.atrous.annotation.Backbone} with a network; the rest is optional. The annotation processor
 * reads them during compilation; they are in class files, where specs of other modules find them,
 * and not there at run time.
 *
 * <p>A spec inherits from what it extends, value by value: what it writes replaces what it
 * inherits, and what it does not write stays. It needs one annotation of its own. A type that lacks
 * something is a part of models for others to extend.
 *
 * <pre>{@code
 * @Training(learningRate = 0.001, batchNorm = Training.BatchNorm.FROZEN)
 * interface Frozen {}
 *
 * @Backbone(outputStride = 8)
 * interface DeepLabV3Fine extends DeepLabV3, Frozen {}
 * }</pre>
 *
 * <p>As with methods of interfaces in Java, what a type writes hides what it inherits along every
 * way. Where two parents give different values, and neither extends the other, it is an error
 * unless the spec writes the value itself.
 *
 * <p>Citations of "the paper" are to Chen, Papandreou, Schroff and Adam, <a
 * href="https://arxiv.org/abs/1706.05587">Rethinking Atrous Convolution for Semantic Image
 * Segmentation</a> (DeepLabv3, 2017).
 */
@NullMarked
package dev.atrous.annotation;

import org.jspecify.annotations.NullMarked;
