package dev.atrous.samples.generated;

import dev.atrous.annotation.AtrousCascade;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/**
 * Output stride 64 with multi-grid: the last 3x3 convolution of block4 has stride 2 and rate 2.
 * Synchronised batch normalisation, of one worker.
 */
@SuppressWarnings("ATR023") // small, so that it is quick
@SegmentationModel(classes = 4, crop = 129)
@Backbone(value = ResNet.RESNET_18, outputStride = 64, width = 0.125)
@AtrousCascade(
    lastBlock = 5,
    multiGrid = {1, 2})
@Training(
    batchSize = 3,
    learningRate = 0.05,
    batchNormDecay = 0.9,
    batchNorm = Training.BatchNorm.SYNCHRONIZED)
interface StridedGrid {}
