package dev.atrous.samples.parity;

import dev.atrous.annotation.SegmentationModel;
import dev.atrous.samples.TorchvisionResNet101;

/**
 * {@link dev.atrous.samples.TorchvisionResNet101} without its dropout, which draws other numbers
 * than torchvision's.
 */
@SuppressWarnings("ATR023") // as torchvision has it
@SegmentationModel
interface ResNet101WithoutDropout extends ResNet50WithoutDropout, TorchvisionResNet101 {}
