package dev.atrous.runtime.predict;

import org.tensorflow.Session;

/** A way from images to labels: the end of an inference graph, and how to run it. */
interface Inference {
  /** Hands on the label of each pixel of each image. */
  void label(Session session, PaddedImages batch, LabelStrips labels);

  /** Hands on labels as {@link #label} does, with the probability of each class at each pixel. */
  void classify(Session session, PaddedImages batch, ProbabilityStrips strips);
}
