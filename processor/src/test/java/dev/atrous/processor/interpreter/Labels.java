package dev.atrous.processor.interpreter;

/** What losses do with labels and scores, pixel by pixel. */
final class Labels {
  private static final int IGNORED_LABEL = 255;

  private Labels() {}

  static boolean counts(Tensor labels, int pixel) {
    return labels.at(pixel) != IGNORED_LABEL;
  }

  /** The label of a pixel that counts. */
  static int at(Tensor labels, int pixel, int classes) {
    int label = (int) labels.at(pixel);
    if (label < 0 || label >= classes) {
      throw new IllegalArgumentException("the label " + label + " of " + classes + " classes");
    }
    return label;
  }

  /** {@code log(sum(exp(logit)))} of one pixel, without overflow. */
  static double logOfSum(Tensor logits, int from, int classes) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      largest = Math.max(largest, logits.at(from + c));
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += Math.exp(logits.at(from + c) - largest);
    }
    return largest + Math.log(sum);
  }
}
