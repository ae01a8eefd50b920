package dev.atrous.samples.generated;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/**
 * A limit of the gradient; frozen parts, one of them behind a trained one, and parts with learning
 * rates of their own.
 */
@SuppressWarnings("ATR023") // small, so that it is quick
@SegmentationModel(classes = 5, crop = 33)
@Backbone(value = ResNet.RESNET_18, outputStride = 8, width = 0.125)
@ASPP(
    rates = {2, 4},
    filters = 16)
@Training(
    batchSize = 3,
    weightDecay = 0.5,
    batchNormDecay = 0.9,
    clipNorm = 0.25,
    parts = {
      @Training.Part(value = "backbone", learningRate = 0.25),
      @Training.Part(value = "stem", frozen = true),
      @Training.Part(value = "block1", frozen = true),
      @Training.Part(value = "block3", frozen = true),
      @Training.Part(value = "head", learningRate = 2)
    })
interface TunedParts {}
