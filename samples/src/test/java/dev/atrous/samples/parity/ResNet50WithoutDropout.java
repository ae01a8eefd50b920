package dev.atrous.samples.parity;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.AuxiliaryHead;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.Conventions;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/**
 * {@link dev.atrous.samples.TorchvisionResNet50} without its dropout, which draws other numbers
 * than torchvision's.
 */
@SuppressWarnings("ATR023") // as torchvision has it
@SegmentationModel(classes = 21, crop = 520)
@Backbone(value = ResNet.RESNET_50, outputStride = 8)
@ASPP(
    rates = {12, 24, 36},
    dropout = 0)
@AuxiliaryHead(lossWeight = 0.5, dropout = 0)
@Conventions(Conventions.Preset.TORCHVISION)
@Training(learningRate = 0.01, batchNormDecay = 0.9)
interface ResNet50WithoutDropout {}
