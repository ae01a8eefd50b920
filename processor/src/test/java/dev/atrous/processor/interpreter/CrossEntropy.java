package dev.atrous.processor.interpreter;

import java.util.Collections;
import java.util.List;

/**
 * Mean of {@code -(1 - p)^gamma log p} over the pixels whose label counts, each with the weight of
 * its label: the cross-entropy for a gamma of 0, and otherwise the focal loss.
 */
final class CrossEntropy {
  private final Tensor gradient;
  private final double loss;

  /**
   * @param classWeights one for each class, or none if all are 1
   */
  CrossEntropy(Tensor logits, Tensor labels, double gamma, List<Double> classWeights) {
    int classes = logits.size(3);
    List<Double> weights =
        classWeights.isEmpty() ? Collections.nCopies(classes, 1.0) : classWeights;
    double total = 0;
    for (int pixel = 0; pixel < labels.length(); pixel++) {
      total += Labels.counts(labels, pixel) ? weights.get(Labels.at(labels, pixel, classes)) : 0;
    }
    gradient = Tensor.zeros(logits.shape());
    double sum = 0;
    for (int pixel = 0; pixel < labels.length(); pixel++) {
      if (!Labels.counts(labels, pixel)) {
        continue;
      }
      int label = Labels.at(labels, pixel, classes);
      double share = total == 0 ? 0 : weights.get(label) / total;
      double logOfSum = Labels.logOfSum(logits, pixel * classes, classes);
      double log = logits.at(pixel * classes + label) - logOfSum;
      double rest = -Math.expm1(log);
      sum -= share * Math.pow(rest, gamma) * log;
      double byLog = byLog(log, rest, gamma);
      for (int c = 0; c < classes; c++) {
        double p = Math.exp(logits.at(pixel * classes + c) - logOfSum);
        double logByLogit = (c == label ? 1 : 0) - p;
        gradient.data()[pixel * classes + c] = share * byLog * logByLogit;
      }
    }
    loss = sum;
  }

  /** Derivative of {@code -(1 - p)^gamma log p} by {@code log p}. */
  private static double byLog(double log, double rest, double gamma) {
    return gamma == 0
        ? -1
        : gamma * Math.pow(rest, gamma - 1) * Math.exp(log) * log - Math.pow(rest, gamma);
  }

  Tensor loss() {
    return Tensor.scalar(loss);
  }

  /** Derivative of the loss by the logits. */
  Tensor gradient() {
    return gradient;
  }
}
