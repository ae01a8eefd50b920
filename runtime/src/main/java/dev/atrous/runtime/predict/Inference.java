package dev.atrous.runtime.predict;

import org.tensorflow.Session;

/** A way from images to labels: the end of an inference graph, and how to run it. */
interface Inference {
  /** Hands on the label of each pixel of each image. */
  void label(Session session, PaddedImages batch, LabelStrips labels);

  /** The probability of each class at each pixel of one image, {@code [height, width, classes]}. */
  float[] probabilities(Session session, PaddedImages image);
}
