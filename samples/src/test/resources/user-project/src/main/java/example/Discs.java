package example;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/** Finds red, green and blue discs. */
@SegmentationModel(
    classes = 4,
    classNames = {"background", "red", "green", "blue"},
    crop = 65)
@Backbone(value = ResNet.RESNET_18, outputStride = 16, width = 0.25)
@ASPP(rates = {1, 2}, filters = 16)
@Training(batchSize = 4, steps = 5, learningRate = 0.01, batchNormDecay = 0.5)
interface Discs {}
