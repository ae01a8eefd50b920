package dev.atrous.samples.generated;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/** A model of images with four bands. */
@SuppressWarnings("ATR023") // small, so that it is quick
@SegmentationModel(
    classes = 2,
    crop = 33,
    bands = 4,
    bandMean = {128, 128, 128, 128},
    bandDeviation = {74, 74, 74, 88})
@Backbone(value = ResNet.RESNET_18, outputStride = 8, width = 0.125)
@ASPP(
    rates = {1, 2},
    imagePooling = false,
    filters = 16)
@Training(
    batchSize = 4,
    steps = 150,
    learningRate = 0.05,
    batchNormDecay = 0.9,
    verticalFlip = true,
    rotation = 10)
interface FourBands {}
