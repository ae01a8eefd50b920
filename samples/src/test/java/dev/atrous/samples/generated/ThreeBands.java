package dev.atrous.samples.generated;

import dev.atrous.annotation.SegmentationModel;

/** The network of {@link FourBands} for red, green and blue. */
@SuppressWarnings("ATR023") // small, so that it is quick
@SegmentationModel(
    bands = 3,
    bandMean = {},
    bandDeviation = {})
interface ThreeBands extends FourBands {}
