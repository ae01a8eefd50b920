package dev.atrous.samples.generated;

import dev.atrous.annotation.SegmentationModel;

/**
 * A model of images with four bands of 16 bits. Means and deviations are 257 times those of {@link
 * FourBands}, so that it computes what that does for images whose values are 257 times as large.
 */
@SuppressWarnings("ATR023") // small, so that it is quick
@SegmentationModel(
    bits = 16,
    bandMean = {32896, 32896, 32896, 32896},
    bandDeviation = {19018, 19018, 19018, 22616})
interface DeepBands extends FourBands {}
