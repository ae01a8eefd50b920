package dev.atrous.samples.benchmarks;

import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;
import dev.atrous.samples.TorchvisionResNet50;

/** {@link dev.atrous.samples.TorchvisionResNet50} with every augmentation that there is. */
@SuppressWarnings("ATR023") // the rates are torchvision's
@SegmentationModel
@Training(
    verticalFlip = true,
    rotation = 10,
    brightness = 0.4,
    contrast = 0.4,
    saturation = 0.4,
    hue = 0.1)
public interface TorchvisionResNet50Augmented extends TorchvisionResNet50 {}
