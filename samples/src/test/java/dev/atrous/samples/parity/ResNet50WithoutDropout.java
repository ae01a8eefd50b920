package dev.atrous.samples.parity;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.AuxiliaryHead;
import dev.atrous.annotation.Training;
import dev.atrous.samples.TorchvisionResNet50;

/**
 * {@link dev.atrous.samples.TorchvisionResNet50} without its dropout, which draws other numbers
 * than torchvision's.
 */
@SuppressWarnings("ATR023") // as torchvision has it
@ASPP(dropout = 0)
@AuxiliaryHead(dropout = 0)
@Training(learningRate = 0.01)
interface ResNet50WithoutDropout extends TorchvisionResNet50 {}
