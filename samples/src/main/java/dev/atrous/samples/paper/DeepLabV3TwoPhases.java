package dev.atrous.samples.paper;

import dev.atrous.annotation.Training;
import dev.atrous.samples.DeepLabV3;

/**
 * Both phases of the training of {@link dev.atrous.samples.DeepLabV3} (section 4.1): after the one
 * of the tables a second on trainval, at output stride 8, where the pyramid's rates are twice as
 * large, with frozen batch normalisation and a smaller learning rate. The paper does so for VOC's
 * test server, so there is no row for it in the tables of val.
 */
@SuppressWarnings("ATR023") // the rates are the paper's, on maps of its crop
@Training(
    phases = {
      @Training.Phase(split = "trainaug"),
      @Training.Phase(
          split = "trainval",
          outputStride = 8,
          learningRate = 0.001,
          batchNorm = Training.BatchNorm.FROZEN)
    })
public interface DeepLabV3TwoPhases extends DeepLabV3 {}
