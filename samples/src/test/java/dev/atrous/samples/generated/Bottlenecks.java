package dev.atrous.samples.generated;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.AtrousCascade;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/** Bottleneck units with multi-grid, a pyramid without image-level features. */
@SuppressWarnings("ATR023") // small maps make small tests
@SegmentationModel(classes = 5, crop = 49)
@Backbone(value = ResNet.RESNET_50, outputStride = 16, width = 0.125)
@AtrousCascade(multiGrid = {1, 2, 4})
@ASPP(
    rates = {2, 4},
    imagePooling = false,
    filters = 16)
@Training(
    batchSize = 3,
    learningRate = 0.05,
    momentum = 0.8,
    weightDecay = 0.001,
    batchNormDecay = 0.9)
interface Bottlenecks {}
