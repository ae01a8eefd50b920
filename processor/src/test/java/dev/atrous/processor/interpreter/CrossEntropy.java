package dev.atrous.processor.interpreter;

/** Mean softmax cross-entropy over the pixels whose label counts. */
final class CrossEntropy {
  private static final int IGNORED_LABEL = 255;

  private final Tensor gradient;
  private final double loss;

  CrossEntropy(Tensor logits, Tensor labels) {
    int classes = logits.size(3);
    double counted = Math.max(1, labels.length() - ignored(labels));
    gradient = Tensor.zeros(logits.shape());
    double sum = 0;
    for (int pixel = 0; pixel < labels.length(); pixel++) {
      int label = (int) labels.at(pixel);
      if (label == IGNORED_LABEL) {
        continue;
      }
      if (label < 0 || label >= classes) {
        throw new IllegalArgumentException("the label " + label + " of " + classes + " classes");
      }
      double logOfSum = logOfSum(logits, pixel * classes, classes);
      for (int c = 0; c < classes; c++) {
        double logProbability = logits.at(pixel * classes + c) - logOfSum;
        double target = c == label ? 1 : 0;
        gradient.data()[pixel * classes + c] = (Math.exp(logProbability) - target) / counted;
        sum -= target * logProbability;
      }
    }
    loss = sum / counted;
  }

  private static int ignored(Tensor labels) {
    int count = 0;
    for (int pixel = 0; pixel < labels.length(); pixel++) {
      count += labels.at(pixel) == IGNORED_LABEL ? 1 : 0;
    }
    return count;
  }

  /** {@code log(sum(exp(logit)))} of one pixel, without overflow. */
  private static double logOfSum(Tensor logits, int from, int classes) {
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

  Tensor loss() {
    return Tensor.scalar(loss);
  }

  /** Derivative of the loss by the logits. */
  Tensor gradient() {
    return gradient;
  }
}
