package dev.atrous.samples.generated;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.AuxiliaryHead;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/** Batch normalisation over the batches of all workers, with what else has to be theirs. */
@SuppressWarnings({"ATR023", "ATR032"}) // small and short, so that it is quick
@SegmentationModel(classes = 7, crop = 33)
@Backbone(value = ResNet.RESNET_18, outputStride = 8, width = 0.125)
@ASPP(
    rates = {2, 4},
    filters = 16,
    dropout = 0.25)
@AuxiliaryHead(dropout = 0.25)
@Training(
    batchSize = 6,
    learningRate = 0.02,
    steps = 20,
    batchNormDecay = 0.9,
    clipNorm = 1,
    batchNorm = Training.BatchNorm.SYNCHRONIZED)
interface SynchronizedSteps {}
