package dev.atrous.samples.generated;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.Conventions;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/** Class scores interpolated by half-pixel centres, and all else as torchvision has it. */
@SuppressWarnings("ATR023") // small, so that it is quick
@SegmentationModel(classes = 6, crop = 40)
@Backbone(value = ResNet.RESNET_50, outputStride = 8, width = 0.0625)
@ASPP(
    rates = {2, 3},
    filters = 8)
@Conventions(Conventions.Preset.TORCHVISION)
@Training(batchSize = 2, batchNormDecay = 0.9)
interface HalfPixels {}
