package dev.atrous.samples.benchmarks;

import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;
import dev.atrous.samples.TorchvisionResNet50;

/** {@link TorchvisionResNet50} whose workers normalise by the statistics of all their crops. */
@SuppressWarnings("ATR023") // the rates are torchvision's
@SegmentationModel
@Training(batchNorm = Training.BatchNorm.SYNCHRONIZED)
public interface TorchvisionResNet50Synchronized extends TorchvisionResNet50 {}
