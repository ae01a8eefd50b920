package dev.atrous.samples.generated;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/** AdamW, with a limit of the gradient and a part at a learning rate of its own. */
@SuppressWarnings("ATR023") // small, so that it is quick
@SegmentationModel(classes = 5, crop = 33)
@Backbone(value = ResNet.RESNET_18, outputStride = 8, width = 0.125)
@ASPP(
    rates = {2, 4},
    filters = 16)
@Training(
    batchSize = 2,
    optimizer = Training.Optimizer.ADAMW,
    learningRate = 1e-3,
    weightDecay = 0.1,
    batchNormDecay = 0.9,
    clipNorm = 0.5,
    parts = @Training.Part(value = "backbone", learningRate = 0.5))
interface AdaptiveSteps {}
