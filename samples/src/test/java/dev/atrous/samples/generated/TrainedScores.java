package dev.atrous.samples.generated;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/** The network of {@link FrozenScores} in the first phase: output stride 16, nothing frozen. */
@SuppressWarnings("ATR023") // small, so that it is quick
@SegmentationModel(classes = 5, crop = 33)
@Backbone(value = ResNet.RESNET_18, outputStride = 16, width = 0.125)
@ASPP(
    form = ASPP.Form.DEEPLAB_V2,
    rates = {1, 2, 3},
    filters = 16)
@Training(batchSize = 2, learningRate = 0.05, batchNormDecay = 0.9)
interface TrainedScores {}
