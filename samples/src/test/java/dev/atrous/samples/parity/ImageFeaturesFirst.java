package dev.atrous.samples.parity;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.Conventions;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;

/** torchvision's network but for the order of channels in the pyramid. */
@SuppressWarnings("ATR023") // as torchvision has it
@SegmentationModel(classes = 21, crop = 520)
@Backbone(value = ResNet.RESNET_50, outputStride = 8)
@ASPP(rates = {12, 24, 36})
@Conventions(
    value = Conventions.Preset.TORCHVISION,
    imageFeatures = Conventions.ImageFeatures.FIRST)
interface ImageFeaturesFirst {}
