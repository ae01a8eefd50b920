package dev.atrous.samples;

import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.ResNet;
import dev.atrous.samples.paper.DeepLabV3TwoPhases;

/** Half as deep as the paper's network. */
@SuppressWarnings("ATR023") // the rates are the paper's, on maps of its crop
@Backbone(ResNet.RESNET_50)
interface TwoPhasesResNet50 extends DeepLabV3TwoPhases {}
