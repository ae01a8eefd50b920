package dev.atrous.samples.generated;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.AtrousCascade;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/**
 * Basic units, a cascade with multi-grid, a pyramid with image-level features. The map has 5 pixels
 * a side, so all but the centre taps are dead at the pyramid's last rate, 6, and from the second
 * unit of block4 on, at rates 8 and 16.
 */
@SuppressWarnings("ATR023") // small maps make small tests
@SegmentationModel(classes = 7, crop = 33)
@Backbone(value = ResNet.RESNET_18, outputStride = 8, width = 0.125)
@AtrousCascade(
    lastBlock = 5,
    multiGrid = {1, 2})
@ASPP(
    rates = {2, 4, 6},
    imagePooling = true,
    filters = 8)
@Training(
    batchSize = 4,
    learningRate = 0.05,
    momentum = 0.9,
    weightDecay = 0.5,
    batchNormDecay = 0.9)
interface CascadeAndPyramid {}
