package dev.atrous.samples.parity;

import dev.atrous.annotation.AtrousCascade;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.samples.TorchvisionResNet50;

/** torchvision's network but for the rates of block4 and of the pyramid. */
@SuppressWarnings("ATR023") // as torchvision has it
@SegmentationModel(crop = 513)
@Backbone(outputStride = 16)
@AtrousCascade(multiGrid = {1, 2, 4})
interface OtherRates extends TorchvisionResNet50 {}
