package dev.atrous.samples.generated;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/** The paper's two phases: the second is trained as {@link FrozenScores}. */
@SuppressWarnings("ATR023") // small, so that it is quick
@SegmentationModel(classes = 5, crop = 33)
@Backbone(value = ResNet.RESNET_18, outputStride = 16, width = 0.125)
@ASPP(
    form = ASPP.Form.DEEPLAB_V2,
    rates = {1, 2, 3},
    filters = 16)
@Training(
    batchSize = 2,
    steps = 300,
    learningRate = 0.05,
    batchNormDecay = 0.9,
    phases = {
      @Training.Phase,
      @Training.Phase(
          outputStride = 8,
          learningRate = 0.01,
          batchNorm = Training.BatchNorm.FROZEN,
          crop = 65)
    })
interface PhasedScores {}
