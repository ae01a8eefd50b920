package dev.atrous.samples.benchmarks;

import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;
import dev.atrous.samples.TorchvisionResNet50;

/**
 * {@link dev.atrous.samples.TorchvisionResNet50} described for images of 513 pixels, for the count
 * of {@link Floor}.
 */
@SuppressWarnings("ATR023") // the rates are torchvision's
@SegmentationModel(crop = 513)
@Training(batchSize = 2)
public interface TorchvisionResNet50At513 extends TorchvisionResNet50 {}
