package dev.atrous.processor.interpreter;

/**
 * Mean of {@code 1 - 2 sum(p g) / (sum(p) + sum(g))} over the classes that the labels have, by the
 * probabilities of the pixels whose label counts.
 */
final class Dice {
  private final Tensor logits;
  private final Tensor labels;
  private final int classes;
  private final double[] overlap;
  private final double[] probability;
  private final double[] pixels;
  private int present;

  Dice(Tensor logits, Tensor labels) {
    this.logits = logits;
    this.labels = labels;
    classes = logits.size(3);
    overlap = new double[classes];
    probability = new double[classes];
    pixels = new double[classes];
    for (int pixel = 0; pixel < labels.length(); pixel++) {
      if (Labels.counts(labels, pixel)) {
        int label = Labels.at(labels, pixel, classes);
        for (int c = 0; c < classes; c++) {
          probability[c] += p(pixel, c);
        }
        overlap[label] += p(pixel, label);
        present += pixels[label]++ == 0 ? 1 : 0;
      }
    }
  }

  private double p(int pixel, int c) {
    double logOfSum = Labels.logOfSum(logits, pixel * classes, classes);
    return Math.exp(logits.at(pixel * classes + c) - logOfSum);
  }

  Tensor loss() {
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += pixels[c] == 0 ? 0 : 1 - 2 * overlap[c] / (probability[c] + pixels[c]);
    }
    return Tensor.scalar(present == 0 ? 0 : sum / present);
  }

  /** Derivative of the loss by the logits. */
  Tensor gradient() {
    Tensor gradient = Tensor.zeros(logits.shape());
    for (int pixel = 0; pixel < labels.length(); pixel++) {
      if (Labels.counts(labels, pixel)) {
        for (int c = 0; c < classes; c++) {
          for (int other = 0; other < classes; other++) {
            double softmax = p(pixel, other) * ((c == other ? 1 : 0) - p(pixel, c));
            gradient.data()[pixel * classes + c] += byProbability(pixel, other) * softmax;
          }
        }
      }
    }
    return gradient;
  }

  /** Derivative of the loss by the probability of a class at a pixel, by the rule of quotients. */
  private double byProbability(int pixel, int c) {
    if (pixels[c] == 0) {
      return 0;
    }
    double truth = Labels.at(labels, pixel, classes) == c ? 1 : 0;
    double sum = probability[c] + pixels[c];
    return -2 * (truth * sum - overlap[c]) / (sum * sum) / present;
  }
}
