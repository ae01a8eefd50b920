package dev.atrous.samples.generated;

import dev.atrous.annotation.AtrousCascade;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/**
 * A cascade to block6 without a pyramid. No rate reaches the size of the map, so its step is right
 * for any crop.
 */
@SuppressWarnings("ATR023") // small maps make small tests
@SegmentationModel(classes = 4, crop = 129)
@Backbone(value = ResNet.RESNET_18, outputStride = 64, width = 0.125)
@AtrousCascade(lastBlock = 6)
@Training(batchSize = 4, learningRate = 0.05, batchNormDecay = 0.9)
interface LongCascade {}
