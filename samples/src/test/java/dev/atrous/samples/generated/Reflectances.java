package dev.atrous.samples.generated;

import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/**
 * A model of images like those of satellites: four bands of 16 bits, of which few are used. Their
 * mean and deviation are measured in training.
 */
@SuppressWarnings("ATR023") // small, so that it is quick
@SegmentationModel(
    bits = 16,
    bandMean = {},
    bandDeviation = {})
@Training(rotation = 0) // what does not change pixels leaves the classes as sharp as they are
interface Reflectances extends FourBands {}
