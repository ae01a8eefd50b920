package dev.atrous.samples;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.AuxiliaryHead;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.Conventions;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/**
 * torchvision's {@code deeplabv3_resnet50}, layer by layer, with the recipe of its reference
 * training.
 */
@SuppressWarnings("ATR023") // rate 36 sees 40% of its weights on a map of 65 x 65, as there
@SegmentationModel(classes = 21, crop = 520)
@Backbone(value = ResNet.RESNET_50, outputStride = 8)
@ASPP(
    rates = {12, 24, 36},
    dropout = 0.5)
@AuxiliaryHead(lossWeight = 0.5, dropout = 0.1)
@Conventions(Conventions.Preset.TORCHVISION)
@Training(batchSize = 8, steps = 40_000, learningRate = 0.02, batchNormDecay = 0.9)
public interface TorchvisionResNet50 {}
