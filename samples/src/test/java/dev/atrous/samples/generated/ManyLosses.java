package dev.atrous.samples.generated;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.AtrousCascade;
import dev.atrous.annotation.AuxiliaryHead;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.Loss;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/** Every loss there is, with class weights, of two heads. */
@SuppressWarnings("ATR023") // small maps make small tests
@SegmentationModel(classes = 5, crop = 33)
@Backbone(value = ResNet.RESNET_18, outputStride = 8, width = 0.125)
@AtrousCascade(multiGrid = {1, 2})
@ASPP(
    rates = {2, 4},
    imagePooling = false,
    filters = 8)
@AuxiliaryHead(lossWeight = 0.4, dropout = 0)
@Loss(
    crossEntropy = 0.5,
    focal = 1,
    dice = 2,
    focalGamma = 1.5,
    classWeights = {0.25, 1, 2, 0, 1.5})
@Training(batchSize = 2, learningRate = 0.05, batchNormDecay = 0.9)
interface ManyLosses {}
