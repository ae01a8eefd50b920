package dev.atrous.samples.benchmarks;

import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;
import dev.atrous.samples.TorchvisionResNet50;

/**
 * {@link dev.atrous.samples.TorchvisionResNet50} compiled for crops of 257 pixels: on their map of
 * 33 x 33 the filters of rate 36 see their centre alone, and the compiler knows it.
 */
@SuppressWarnings("ATR023") // the rates are torchvision's
@SegmentationModel(crop = 257)
@Training(batchSize = 2)
public interface TorchvisionResNet50At257 extends TorchvisionResNet50 {}
