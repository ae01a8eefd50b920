package dev.atrous.samples;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.AtrousCascade;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/** {@link DeepLabV3} on ResNet-50: a third less work. */
@SuppressWarnings("ATR023") // rate 18 sees 40% of its weights on a map of 33 x 33, as in the paper
@SegmentationModel(classes = 21, crop = 513)
@Backbone(value = ResNet.RESNET_50, outputStride = 16)
@AtrousCascade(multiGrid = {1, 2, 4})
@ASPP(
    rates = {6, 12, 18},
    imagePooling = true)
@Training(batchSize = 16, steps = 30_000, learningRate = 0.007)
public interface DeepLabV3ResNet50 {}
