package dev.atrous.samples.generated;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/** Frozen batch normalisation, and DeepLabv2's pyramid, whose last rate is dead on the map. */
@SuppressWarnings("ATR023") // small, so that it is quick
@SegmentationModel(classes = 5, crop = 33)
@Backbone(value = ResNet.RESNET_18, outputStride = 8, width = 0.125)
@ASPP(
    form = ASPP.Form.DEEPLAB_V2,
    rates = {2, 4, 6},
    filters = 16)
@Training(
    batchSize = 2,
    learningRate = 0.05,
    weightDecay = 0.5,
    batchNorm = Training.BatchNorm.FROZEN)
interface FrozenScores {}
