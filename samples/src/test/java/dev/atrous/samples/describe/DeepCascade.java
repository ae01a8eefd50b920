package dev.atrous.samples.describe;

import dev.atrous.annotation.AtrousCascade;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;

/** Going deeper as far as the paper does: block7, with its best multi-grid (Table 4). */
@SuppressWarnings("ATR023") // the paper's rates: at output stride 16, block7 sees little of its map
@SegmentationModel(classes = 21, crop = 513)
@Backbone(value = ResNet.RESNET_50, outputStride = 16)
@AtrousCascade(
    lastBlock = 7,
    multiGrid = {1, 2, 1})
interface DeepCascade {}
