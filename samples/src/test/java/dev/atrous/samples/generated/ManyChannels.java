package dev.atrous.samples.generated;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.Conventions;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/**
 * The head's 3x3 convolution has channels and pixels enough for Winograd's filtering, at the crop
 * or with more images of half of it.
 */
@SuppressWarnings("ATR023") // small, so that it is quick
@SegmentationModel(classes = 4, crop = 185)
@Backbone(value = ResNet.RESNET_18, outputStride = 8, width = 0.0625)
@ASPP(
    rates = {2},
    imagePooling = false,
    filters = 256)
@Conventions(head = Conventions.Head.CONV_3X3_AND_SCORES)
@Training(batchSize = 1, learningRate = 0.05, batchNormDecay = 0.9)
interface ManyChannels {}
