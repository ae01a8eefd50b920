package dev.atrous.samples.parity;

import dev.atrous.annotation.Conventions;
import dev.atrous.samples.TorchvisionResNet50;

/** torchvision's network but for the order of channels in the pyramid. */
@SuppressWarnings("ATR023") // as torchvision has it
@Conventions(imageFeatures = Conventions.ImageFeatures.FIRST)
interface ImageFeaturesFirst extends TorchvisionResNet50 {}
