package dev.atrous.runtime.predict;

import dev.atrous.runtime.data.LabelMap;
import java.util.List;
import org.tensorflow.Session;

/** A way from images to labels: the end of an inference graph, and how to run it. */
interface Inference {
  /** The label of each pixel of each image. */
  List<LabelMap> labels(Session session, PaddedImages batch);

  /** The probability of each class at each pixel of one image, {@code [height, width, classes]}. */
  float[] probabilities(Session session, PaddedImages image);
}
