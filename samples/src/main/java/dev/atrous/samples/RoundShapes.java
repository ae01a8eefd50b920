package dev.atrous.samples;

import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/**
 * {@link ShapesDeepLab} for a task of two classes: what is round, disks and rings. It is fine-tuned
 * from that model's weights, all but the classifier, in two phases: at output stride 16, and then
 * at 8 with frozen batch normalisation. {@link FineTuning} does it.
 */
@SegmentationModel(
    classes = 2,
    classNames = {"other", "round"})
@Backbone(outputStride = 8)
@Training(
    steps = 240,
    learningRate = 0.03,
    phases = {
      @Training.Phase(outputStride = 16),
      @Training.Phase(steps = 120, learningRate = 0.01, batchNorm = Training.BatchNorm.FROZEN)
    })
@SuppressWarnings("ATR023") // as those of ShapesDeepLab
public interface RoundShapes extends ShapesDeepLab {}
