package dev.atrous.samples.parity;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.AtrousCascade;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.Conventions;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;

/** torchvision's network but for the rates of block4 and of the pyramid. */
@SuppressWarnings("ATR023") // as torchvision has it
@SegmentationModel(classes = 21, crop = 513)
@Backbone(value = ResNet.RESNET_50, outputStride = 16)
@AtrousCascade(multiGrid = {1, 2, 4})
@ASPP(rates = {12, 24, 36})
@Conventions(Conventions.Preset.TORCHVISION)
interface OtherRates {}
