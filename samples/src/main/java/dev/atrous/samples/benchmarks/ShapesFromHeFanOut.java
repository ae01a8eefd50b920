package dev.atrous.samples.benchmarks;

import dev.atrous.annotation.Conventions;
import dev.atrous.samples.ShapesDeepLab;

/** The quickstart's model from other initial values, to compare how it learns from each. */
@SuppressWarnings("ATR023") // as ShapesDeepLab
@Conventions(initialValues = Conventions.InitialValues.HE_FAN_OUT)
public interface ShapesFromHeFanOut extends ShapesDeepLab {}
