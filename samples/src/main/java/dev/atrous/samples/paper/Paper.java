package dev.atrous.samples.paper;

import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/**
 * What the networks of the tables have in common (section 4.1 of the paper); the tables extend it.
 */
@SegmentationModel(classes = 21, crop = 513)
@Backbone(outputStride = 16)
@Training(batchSize = 16, steps = 30_000, learningRate = 0.007)
public interface Paper {}
