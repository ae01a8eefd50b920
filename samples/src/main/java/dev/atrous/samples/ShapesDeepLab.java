package dev.atrous.samples;

import dev.atrous.annotation.ASPP;
import dev.atrous.annotation.AtrousCascade;
import dev.atrous.annotation.Backbone;
import dev.atrous.annotation.ResNet;
import dev.atrous.annotation.SegmentationModel;
import dev.atrous.annotation.Training;

/**
 * A DeepLabv3 small enough to be trained from random weights in minutes on two CPU cores: the model
 * of the quickstart, for the data set that {@link dev.atrous.samples.shapes.ShapesGenerator} draws.
 */
@SuppressWarnings(
    "ATR023") // rate 8 sees 35% of its weights on a map of 13 x 13; the shapes are small
@SegmentationModel(
    classes = 7,
    classNames = {"background", "disk", "square", "triangle", "ring", "cross", "star"},
    crop = 97)
@Backbone(value = ResNet.RESNET_18, outputStride = 8, width = 0.25)
@AtrousCascade(multiGrid = {1, 2})
@ASPP(
    rates = {2, 4, 8},
    filters = 64)
@Training(
    batchSize = 8,
    steps = 2500,
    learningRate = 0.12,
    batchNormDecay = 0.99,
    minScale = 0.75,
    maxScale = 1.5)
public interface ShapesDeepLab {}
