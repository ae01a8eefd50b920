package dev.atrous.samples.benchmarks;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.AuxiliaryHead;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.Conventions;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/**
 * {@link dev.atrous.samples.TorchvisionResNet50} described for images of 513 pixels, for the count
 * of {@link Floor}.
 */
@SuppressWarnings("ATR023") // the rates are torchvision's
@SegmentationModel(classes = 21, crop = 513)
@Backbone(value = ResNet.RESNET_50, outputStride = 8)
@ASPP(
    rates = {12, 24, 36},
    dropout = 0.5)
@AuxiliaryHead(lossWeight = 0.5, dropout = 0.1)
@Conventions(Conventions.Preset.TORCHVISION)
@Training(batchSize = 2, steps = 40_000, learningRate = 0.02, batchNormDecay = 0.9)
public interface TorchvisionResNet50At513 {}
