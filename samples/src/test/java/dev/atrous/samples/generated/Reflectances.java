package dev.atrous.samples.generated;

import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/** A model of images like those of satellites: four bands of 16 bits, of which few are used. */
@SuppressWarnings("ATR023") // small, so that it is quick
@SegmentationModel(
    bits = 16,
    bandMean = {5000, 5000, 5000, 3200},
    bandDeviation = {2900, 2900, 2900, 120})
@Training(rotation = 0) // what does not change pixels leaves the classes as sharp as they are
interface Reflectances extends FourBands {}
