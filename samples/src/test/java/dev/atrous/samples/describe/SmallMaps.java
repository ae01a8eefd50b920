package dev.atrous.samples.describe;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.AtrousCascade;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.Conventions;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;

/**
 * Rates that reach beyond the map, an atrous convolution with a stride (the last of block4), a stem
 * of three layers.
 */
@SuppressWarnings("ATR023") // small, so that it is quick
@SegmentationModel(classes = 2, crop = 129)
@Backbone(value = ResNet.RESNET_18, outputStride = 64, width = 0.125)
@AtrousCascade(
    lastBlock = 6,
    multiGrid = {1, 2})
@ASPP(
    rates = {1, 2, 4, 16, 128},
    filters = 8)
@Conventions(stem = Conventions.Stem.THREE_3X3)
interface SmallMaps {}
