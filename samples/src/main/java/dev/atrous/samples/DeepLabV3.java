package dev.atrous.samples;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.AtrousCascade;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/**
 * The paper's best model on PASCAL VOC 2012 without extra data: ResNet-101, multi-grid (1, 2, 4),
 * ASPP with image-level features. Table 5 gives it 77.21 mIoU on val, evaluated at the output
 * stride that it is trained with.
 */
@SuppressWarnings("ATR023") // rate 18 sees 40% of its weights on a map of 33 x 33, as in the paper
@SegmentationModel(classes = 21, crop = 513)
@Backbone(value = ResNet.RESNET_101, outputStride = 16)
@AtrousCascade(
    lastBlock = 4,
    multiGrid = {1, 2, 4})
@ASPP(
    rates = {6, 12, 18},
    imagePooling = true)
@Training(batchSize = 16, steps = 30_000, learningRate = 0.007)
public interface DeepLabV3 {}
