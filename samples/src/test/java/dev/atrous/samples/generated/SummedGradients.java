package dev.atrous.samples.generated;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.AuxiliaryHead;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.Loss;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/**
 * Frozen batch normalisation, so that a step of several batches is that of one large one: with
 * class weights, a limit of the gradient, dropout and a part with a rate of its own.
 */
@SuppressWarnings("ATR023") // small, so that it is quick
@SegmentationModel(classes = 7, crop = 33)
@Backbone(value = ResNet.RESNET_18, outputStride = 8, width = 0.125)
@ASPP(
    rates = {2, 4},
    filters = 16,
    dropout = 0.25)
@AuxiliaryHead(dropout = 0.25)
@Loss(
    focal = 0.5,
    classWeights = {0.5, 1, 2, 4, 0, 1, 1})
@Training(
    batchSize = 4,
    learningRate = 0.05,
    clipNorm = 0.5,
    batchNorm = Training.BatchNorm.FROZEN,
    parts = @Training.Part(value = "head", learningRate = 2))
interface SummedGradients {}
