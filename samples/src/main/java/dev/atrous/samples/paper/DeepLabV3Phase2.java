package dev.atrous.samples.paper;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.Training;
import dev.atrous.samples.DeepLabV3;

/**
 * The second phase of the training of {@link dev.atrous.samples.DeepLabV3} (section 4.1): the same
 * network at output stride 8, where the pyramid's rates are twice as large, with frozen batch
 * normalisation and a smaller learning rate, from the weights of the first phase. The paper trains
 * it on trainval for VOC's test server, so there is no row for it in the tables of val.
 */
@SuppressWarnings("ATR023") // the rates are the paper's, on maps of its crop
@Backbone(outputStride = 8)
@ASPP(rates = {12, 24, 36})
@Training(learningRate = 0.001, batchNorm = Training.BatchNorm.FROZEN)
public interface DeepLabV3Phase2 extends DeepLabV3 {}
